//! The operator's command line. Every command can run beside a running server.

mod commands;
pub mod serve;

use std::path::PathBuf;

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
    /// Add and list partners.
    Partner {
        /// What to do.
        #[command(subcommand)]
        what: Partner,
    },
    /// Add programs that call the API for a partner.
    Application {
        /// What to do.
        #[command(subcommand)]
        what: Application,
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
    /// Add a program; prints its client id and its secret, once.
    Add {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Its name.
        name: String,
        /// The partner it works for.
        #[arg(long)]
        partner: chandlery_domain::ids::PartnerId,
        /// A role it gets, such as admin_agent. May be repeated.
        #[arg(long = "role", required = true)]
        roles: Vec<chandlery_domain::access::Role>,
    },
}

/// What can be done with the key ring.
#[derive(Debug, Subcommand)]
pub enum Key {
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
