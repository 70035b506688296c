//! The operator's command line. Every command can run beside a running server.

mod audit;
mod bank;
mod benefit;
mod billing;
mod close;
mod commands;
pub(crate) mod media;
mod people;
mod reservations;
pub mod serve;

use std::path::PathBuf;

use chandlery_domain::access::Role;
use chandlery_domain::ids::{ApplicationId, PartnerId};
use clap::{Args, Parser, Subcommand};

pub use commands::run;

/// Sell software through partners: catalogue, orders, product keys, cancellations and credits, in one executable.
#[derive(Debug, Parser)]
#[command(name = "chandlery", version, about, arg_required_else_help = true)]
#[command(
    after_help = "Start with `chandlery demo --walk`: it builds a practice installation and shows the main job, step by step."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where an installation lives.
#[derive(Debug, Clone, Args)]
pub struct At {
    /// The installation's folder: its key ring, and its database unless --database is given.
    #[arg(long, env = "CHANDLERY_DATA", default_value = "chandlery-data", value_name = "DIR")]
    pub data: PathBuf,
    /// A PostgreSQL database instead of SQLite in the folder, such as postgres://user@host/name.
    #[arg(long, env = "CHANDLERY_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Where media lie, instead of the folder `media` there: a path, or s3://bucket/prefix with the usual AWS_…
    /// variables.
    #[arg(long, env = "CHANDLERY_MEDIA", value_name = "PLACE")]
    pub media: Option<String>,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API for real. The first start sets up an empty installation.
    Serve {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The address to listen on; put a TLS proxy in front of anything but loopback.
        #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR:PORT")]
        listen: String,
        /// How the world reaches it, and it the world.
        #[command(flatten)]
        around: serve::Around,
    },
    /// Build a practice installation with partners, customers, prices and fake keys, and serve it.
    Demo {
        /// The folder to build it in; a fresh temporary one unless given. An installation that is there is used again.
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// A PostgreSQL database instead of SQLite in the folder.
        #[arg(long, value_name = "URL")]
        database: Option<String>,
        /// The address to listen on; port 0 takes any free one.
        #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR:PORT")]
        listen: String,
        /// A clock that stands at this time until it is moved, such as 2020-01-24T10:00:00Z.
        #[arg(long, value_name = "INSTANT")]
        clock: Option<jiff::Timestamp>,
        /// Print exactly one line of JSON when ready: addresses, sign-in data, partners, customers, products.
        #[arg(long)]
        json: bool,
        /// Do the main job step by step through the API, print each step with its numbers, and end.
        #[arg(long)]
        walk: bool,
    },
    /// Bring files in.
    Import {
        /// What to bring in.
        #[command(subcommand)]
        what: Import,
    },
    /// Media: the files products come as.
    Media {
        /// What to do.
        #[command(subcommand)]
        what: media::Media,
    },
    /// The stock of product keys.
    Stock {
        /// What to do.
        #[command(subcommand)]
        what: media::Stock,
    },
    /// What partners ask of the operator.
    Request {
        /// What to do.
        #[command(subcommand)]
        what: media::Request,
    },
    /// Azure Hybrid Benefit: which SKUs are core licences, sizes of machines, and what they cost.
    Benefit {
        /// What to do.
        #[command(subcommand)]
        what: benefit::Benefit,
    },
    /// Azure reservations: what their SKUs are for, and how much may be given back.
    Reservations {
        /// What to do.
        #[command(subcommand)]
        what: reservations::Reservations,
    },
    /// Bill partners: the invoice run, who the seller is, rates of tax.
    Invoice {
        /// What to do.
        #[command(subcommand)]
        what: billing::Billing,
    },
    /// Add and list partners.
    Partner {
        /// What to do.
        #[command(subcommand)]
        what: Partner,
    },
    /// Register programs that call the API for a partner.
    Application {
        /// What to do.
        #[command(subcommand)]
        what: Application,
    },
    /// Add people, and give them a new way in.
    User {
        /// What to do.
        #[command(subcommand)]
        what: User,
    },
    /// Erase a person.
    Person {
        /// What to do.
        #[command(subcommand)]
        what: Person,
    },
    /// Other houses where people may sign in (OpenID Connect).
    Provider {
        /// What to do.
        #[command(subcommand)]
        what: Provider,
    },
    /// Keys of the operator's own automation.
    ApiKey {
        /// What to do.
        #[command(subcommand)]
        what: ApiKey,
    },
    /// Print the licences of the fonts and the standard that the executable carries.
    Licences,
    /// Show what the operator chose, or change it; counts when the server is started again.
    Setting {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its name; all are shown without one.
        name: Option<String>,
        /// Its new value.
        value: Option<String>,
    },
    /// The activity log: verify it, export it, stream it elsewhere.
    Audit {
        /// What to do.
        #[command(subcommand)]
        what: Audit,
    },
    /// The key ring.
    Key {
        /// What to do.
        #[command(subcommand)]
        what: Key,
    },
    /// Bring the database up to this program's schema; sets up an empty installation where there is none.
    Migrate {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
    /// Write a consistent copy of a SQLite database to FILE, while the server runs. Keep the key ring beside it.
    Backup {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The file to write; it must not exist.
        file: PathBuf,
    },
    /// Check configuration, key ring, schema and disk, and say what to do about what is wrong.
    Doctor {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
}

/// What can be brought in.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// A price sheet in the published column layout. All rows or none; the same file twice changes nothing.
    Prices {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The CSV file.
        file: PathBuf,
        /// Take the good rows and leave out the bad ones.
        #[arg(long)]
        skip_bad: bool,
    },
    /// Product keys, with the columns ProductId, Version, Key and Activations. All rows or none.
    Keys {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The CSV file.
        file: PathBuf,
        /// How these products' keys are written from now on: 5x5, 8x4 or free.
        #[arg(long)]
        format: Option<chandlery_domain::key::KeyFormat>,
    },
}

/// What can be done with partners.
#[derive(Debug, Subcommand)]
pub enum Partner {
    /// Add a partner; prints its id.
    Add {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its legal name.
        name: String,
        /// Where it is, as two letters.
        #[arg(long)]
        country: chandlery_domain::market::Country,
        /// What it is billed in; its market's currency unless given.
        #[arg(long)]
        currency: Option<chandlery_domain::money::Currency>,
        /// A region it may sell in, such as Europe; its own unless given. May be repeated.
        #[arg(long = "region")]
        regions: Vec<String>,
        /// Its programme id.
        #[arg(long, default_value = "0")]
        mpn_id: String,
    },
}

/// What can be done with programs.
#[derive(Debug, Subcommand)]
pub enum Application {
    /// Register a program; prints its client id and its secret, once.
    Add {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its name.
        name: String,
        /// The partner it works for.
        #[arg(long)]
        partner: PartnerId,
        /// A role it has for itself, such as admin_agent. May be repeated.
        #[arg(long = "role")]
        roles: Vec<Role>,
        /// An address authorization codes may be sent to, exactly. May be repeated.
        #[arg(long = "redirect-uri")]
        redirect_uris: Vec<String>,
        /// It runs where it cannot keep a secret; it acts for people only.
        #[arg(long)]
        public: bool,
        /// Its refresh tokens stay the same when they are used, for scripts that keep one.
        #[arg(long, conflicts_with = "public")]
        keeps_refresh_tokens: bool,
    },
    /// Add a second secret, so that the first can be changed without a pause; prints it, once.
    Secret {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The partner it works for.
        #[arg(long)]
        partner: PartnerId,
        /// Its client id.
        client_id: ApplicationId,
        /// After how many days the secret ends by itself.
        #[arg(long, value_name = "DAYS")]
        days: Option<u32>,
    },
    /// Add a public key (a file with a JSON web key) for private_key_jwt.
    PublicKey {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The partner it works for.
        #[arg(long)]
        partner: PartnerId,
        /// Its client id.
        client_id: ApplicationId,
        /// The file.
        file: PathBuf,
    },
    /// Revoke a program: none of its tokens counts any more.
    Revoke {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The partner it works for.
        #[arg(long)]
        partner: PartnerId,
        /// Its client id.
        client_id: ApplicationId,
    },
}

/// What can be done with people.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add a person; prints a temporary password, once. It must be changed at the first sign-in, where a second factor
    /// is set up too.
    Create {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The sign-in name: name@domain.
        upn: String,
        /// The name shown.
        #[arg(long)]
        name: Option<String>,
        /// A person of the operator; operator_admin unless --role says otherwise.
        #[arg(long, conflicts_with = "partner")]
        operator: bool,
        /// A person of this partner; global_admin unless --role says otherwise.
        #[arg(long, required_unless_present = "operator")]
        partner: Option<PartnerId>,
        /// A role, such as admin_agent. May be repeated.
        #[arg(long = "role")]
        roles: Vec<Role>,
    },
    /// Give a person a new temporary password, and take the second factors away with --second-factor; signs it out
    /// everywhere.
    Reset {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The sign-in name.
        upn: String,
        /// Take the second factors away too.
        #[arg(long)]
        second_factor: bool,
    },
}

/// What can be done with a person.
#[derive(Debug, Subcommand)]
pub enum Person {
    /// Make everything that names the person in the log unreadable for good, and empty its account. The log stays
    /// verifiable. Exports and streams made before cannot be called back.
    Erase {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The sign-in name.
        upn: String,
        /// Do it: it cannot be undone.
        #[arg(long)]
        yes: bool,
    },
}

/// What can be done with providers.
#[derive(Debug, Subcommand)]
pub enum Provider {
    /// Add a provider; its secret is read from standard input with --secret.
    Add {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The name on the sign-in page.
        name: String,
        /// Its issuer, such as https://login.example/realms/staff.
        #[arg(long)]
        issuer: String,
        /// Our client id there.
        #[arg(long)]
        client_id: String,
        /// Read our secret there from standard input.
        #[arg(long)]
        secret: bool,
        /// It vouches for this partner's people; for the operator's own without it.
        #[arg(long)]
        partner: Option<PartnerId>,
        /// A group and a role it gives, such as agents=admin_agent. May be repeated.
        #[arg(long = "group", value_name = "GROUP=ROLE", required = true)]
        groups: Vec<String>,
        /// The claim that names the groups.
        #[arg(long, default_value = "groups")]
        groups_claim: String,
        /// The scopes asked for.
        #[arg(long, default_value = "openid profile email")]
        scopes: String,
        /// Take its second factor (amr mfa) for ours.
        #[arg(long)]
        trust_second_factor: bool,
    },
    /// List the providers.
    List {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
    /// Remove a provider.
    Remove {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its id.
        id: String,
    },
}

/// What can be done with the operator's keys.
#[derive(Debug, Subcommand)]
pub enum ApiKey {
    /// Add a key; prints it, once.
    Add {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its name.
        name: String,
        /// What it may be used for: partners.read, log.read. May be repeated.
        #[arg(long = "scope", required = true)]
        scopes: Vec<String>,
        /// After how many days it ends by itself.
        #[arg(long, value_name = "DAYS")]
        days: Option<u32>,
    },
    /// List the keys.
    List {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
    /// Revoke a key.
    Revoke {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its id.
        id: String,
    },
}

/// What can be done with the log.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Verify an export with nothing but a public key, or, without a file, the logs in the database. Names the first
    /// entry that is wrong, missing, out of order or cut off; the exit code is 1 then.
    Verify {
        /// Where the installation lives; not needed for an export.
        #[command(flatten)]
        at: At,
        /// An export in JSON Lines; - reads standard input.
        export: Option<PathBuf>,
        /// A file with the public keys, kept from earlier. For an export it is needed.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        /// A file with checkpoints kept elsewhere, one a line.
        #[arg(long, value_name = "FILE")]
        anchors: Option<PathBuf>,
        /// Only this partner's log in the database; the operator's and every partner's otherwise.
        #[arg(long)]
        partner: Option<PartnerId>,
    },
    /// Print the public keys of the log, one a line, to be kept elsewhere.
    Key {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
    /// Write a partner's log to standard output, in JSON Lines that can be verified; the operator's own without a partner.
    Export {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Whose.
        #[arg(long)]
        partner: Option<PartnerId>,
    },
    /// Stream the log to a place: https://… takes JSON Lines, syslog+tls://host:6514 takes RFC 5424.
    StreamAdd {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its name.
        name: String,
        /// Where it is.
        target: String,
        /// Read the bearer token it is called with from standard input.
        #[arg(long)]
        token: bool,
        /// A PEM file with the certificates it is trusted by, instead of the system's.
        #[arg(long, value_name = "FILE")]
        ca: Option<PathBuf>,
    },
    /// List the places, with what went wrong last.
    StreamList {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
    /// Stop streaming to a place.
    StreamRemove {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its id.
        id: String,
    },
}

/// What can be done with the key ring.
#[derive(Debug, Subcommand)]
pub enum Key {
    /// Draw a new key for signing tokens. It is done every 90 days by itself; tokens signed with older ones hold.
    RotateSigning {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
    /// Add a fresh key to the ring and wrap every data key with it. Product keys are not sealed anew; nothing stops.
    Rotate {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Drop the older keys from the ring afterwards. Only when every server has been restarted since the last
        /// rotation.
        #[arg(long)]
        drop_old: bool,
    },
}
