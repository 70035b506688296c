//! An installation: where its data are, what kind it is, and everything opened and checked before anything is served.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use chandlery_domain::access::{Action, Matrix};
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::catalog::UnknownWord;
use chandlery_domain::customer::Partner;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::notice::Kind as Notified;
use chandlery_domain::policy::Profile;
use chandlery_store::settings::{self, names};
use chandlery_store::{
    Location, Read, Schema, Store, benefit, markets, policies, reservations, tax, vault as stored,
};

use crate::app::azure_link::{self, AzureLink};
use crate::app::hand_over::Low;
use crate::app::notify::{self, fact};
use crate::app::{Context, reservations as app_reservations, set_up};
use crate::clock::{Clock, Practice, wall_clock};
use crate::error::{Error, Missing};
use crate::identity::tokens::Signer;
use crate::log::sealing::Sealer;
use crate::outside::key_ring::KeyRing;
use crate::outside::media_store::MediaStore;
use crate::outside::vault::{Owner, Vault};
use crate::seeds;

/// The id under which the operator's own acts stand in the activity log.
pub const OPERATOR: PartnerId = PartnerId::new(uuid::Uuid::nil());

/// How many connections to PostgreSQL are kept unless the operator says otherwise.
const POSTGRES_CONNECTIONS: usize = 24;

/// Where an installation lives: a folder for the key ring, and a database in it or elsewhere.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder.
    pub data: PathBuf,
    /// The database.
    pub location: Location,
    /// Where media lie, if not in the folder `media` beside the key ring.
    pub media: Option<String>,
}

impl Place {
    /// The place named by `--data`, `--database` and `--media`: SQLite and media in the folder unless they are given.
    ///
    /// # Errors
    /// When the URL is not a PostgreSQL URL.
    pub fn new(data: &Path, database: Option<&str>, media: Option<&str>) -> anyhow::Result<Self> {
        let location = match database {
            None => Location::Sqlite(data.join("chandlery.db")),
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Location::Postgres { url: url.to_owned(), connections: POSTGRES_CONNECTIONS }
            }
            Some(_) => bail!(
                "--database takes a URL like postgres://user@host/name; without it, SQLite in --data is used"
            ),
        };
        Ok(Self { data: data.to_owned(), location, media: media.map(str::to_owned) })
    }

    fn media_store(&self) -> anyhow::Result<MediaStore> {
        let own = match &self.media {
            Some(place) => place.clone(),
            None => {
                let folder = std::path::absolute(self.data.join("media"))?;
                folder.to_str().context("the path of the installation's folder is not UTF-8")?.to_owned()
            }
        };
        MediaStore::open(&own).context("the place for media (--media) cannot be used")
    }

    /// Where it is kept which parts of an upload are there, so that it can be resumed.
    pub fn uploads(&self) -> PathBuf {
        self.data.join("uploads")
    }

    /// Where uploaded price sheets lie until they are imported, or for a day.
    pub fn price_sheets(&self) -> PathBuf {
        self.data.join("price-sheets")
    }

    /// The key ring's file.
    pub fn key_ring(&self) -> PathBuf {
        self.data.join("keyring.json")
    }
}

/// Whether an installation is for real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For real.
    Live,
    /// To practise on.
    Practice,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Practice => "practice",
        }
    }
}

/// What the operator chose where the sources leave a choice; settings, read when the installation is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Who may do what.
    pub matrix: Matrix,
    /// How long ago a second factor may have been shown before a key is opened, a purchase cancelled or a role changed.
    pub step_up_minutes: u32,
    /// Whether programs that act for people are held to that too, by the age of the sign-in.
    pub step_up_programs: bool,
    /// Whether partners have to say why they open a key.
    pub key_reason_required: bool,
    /// Whether a second person of the partner's has to agree before a key is opened.
    pub key_second_person: bool,
    /// How many days back the interface lets programs ask the log (contract 8.1); 0: no limit.
    pub api_log_days: u32,
    /// Where the Azure portal shows what a customer has there; none where no page leads there (SEED-7).
    pub azure_portal: Option<AzureLink>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            matrix: Matrix::default(),
            step_up_minutes: 15,
            step_up_programs: false,
            key_reason_required: false,
            key_second_person: false,
            api_log_days: 90,
            azure_portal: None,
        }
    }
}

impl Rules {
    /// The names of the settings, with what each takes.
    pub const NAMES: [(&'static str, &'static str); 8] = [
        ("log_readers", "seeds_and_admin_agent, seeds, page_2020 or page_2023"),
        ("reservation_buyers", "page_2020 or page_2023"),
        ("step_up_minutes", "a number of minutes from 1 to 1440"),
        ("step_up_programs", "yes or no"),
        ("key_reason_required", "yes or no"),
        ("key_second_person", "yes or no"),
        ("api_log_days", "a number of days; 0 for no limit"),
        ("azure_portal", azure_link::TAKES),
    ];

    /// The same with one setting changed.
    ///
    /// # Errors
    /// When the name is none of [`Rules::NAMES`] or the value is not what it takes.
    pub fn with(mut self, name: &str, value: &str) -> Result<Self, Error> {
        let wrong = |right: &str| Error::invalid(name, format!("must be {right}"));
        match name {
            "log_readers" => {
                self.matrix.log_readers =
                    value.parse().map_err(|error: UnknownWord| wrong(error.expected))?;
            }
            "reservation_buyers" => {
                self.matrix.reservation_buyers =
                    value.parse().map_err(|error: UnknownWord| wrong(error.expected))?;
            }
            "step_up_minutes" => {
                let minutes = value.parse().ok().filter(|minutes| (1..=1440).contains(minutes));
                self.step_up_minutes = minutes.ok_or_else(|| wrong("a number of minutes from 1 to 1440"))?;
            }
            "step_up_programs" => {
                self.step_up_programs = yes_or_no(value).ok_or_else(|| wrong("yes or no"))?
            }
            "key_reason_required" => {
                self.key_reason_required = yes_or_no(value).ok_or_else(|| wrong("yes or no"))?;
            }
            "key_second_person" => {
                self.key_second_person = yes_or_no(value).ok_or_else(|| wrong("yes or no"))?
            }
            "api_log_days" => {
                self.api_log_days = value.parse().map_err(|_| wrong("a number of days"))?;
            }
            "azure_portal" => {
                self.azure_portal = match value {
                    "" => None,
                    own => Some(own.parse().map_err(wrong)?),
                };
            }
            _ => {
                let names: Vec<&str> = Self::NAMES.iter().map(|(name, _)| *name).collect();
                return Err(Error::invalid("setting", format!("must be one of {}", names.join(", "))));
            }
        }
        Ok(self)
    }

    fn load(tx: &mut Read<'_>) -> Result<Self, Error> {
        let mut rules = Self::default();
        for (name, _) in Self::NAMES {
            if let Some(value) = settings::get(tx, name)? {
                rules = rules.with(name, &value)?;
            }
        }
        Ok(rules)
    }
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// Everything a use case may need, opened and checked.
#[derive(Clone)]
pub struct Installation {
    /// Where it lives.
    pub place: Place,
    /// Whether it is for real.
    pub kind: Kind,
    /// The database.
    pub store: Store,
    /// Sealing and opening.
    pub vault: Arc<Vault>,
    /// The time.
    pub clock: Clock,
    /// Signing and checking tokens.
    pub signer: Arc<Signer>,
    /// What the operator chose.
    pub rules: Rules,
    /// Numbers and signs the log.
    pub sealer: Arc<Sealer>,
    /// Where media lie.
    pub media: MediaStore,
}

impl Installation {
    /// Sets up a new installation in an empty place.
    ///
    /// # Errors
    /// When the place is not empty or cannot be written.
    pub async fn create(place: Place, kind: Kind, clock: Clock) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&place.data)
            .with_context(|| format!("the folder {} cannot be made", place.data.display()))?;
        match place.location.schema().await? {
            Schema::Empty => {}
            _ => bail!("there is an installation already; nothing was changed"),
        }
        let ring = ring_of(&place, kind)?;
        place.location.migrate().await?;
        Self::set_up(place, kind, clock, ring).await
    }

    /// The same in a database whose tables are there, and nothing in them.
    ///
    /// # Errors
    /// When the key ring cannot be made, or something is in the tables.
    pub async fn begin(place: Place, kind: Kind, clock: Clock) -> anyhow::Result<Self> {
        let ring = ring_of(&place, kind)?;
        Self::set_up(place, kind, clock, ring).await
    }

    async fn set_up(place: Place, kind: Kind, clock: Clock, ring: KeyRing) -> anyhow::Result<Self> {
        let store = Store::open(&place.location)?;
        let vault = Arc::new(Vault::new(ring));
        fill(&store, &vault, kind, &clock).await?;
        let signer = Arc::new(Signer::load(&store, &vault).await?);
        let sealer = Arc::new(Sealer::load_or_draw(&store, &vault, wall_clock()).await?);
        let media = place.media_store()?;
        Ok(Self { place, kind, store, vault, clock, signer, rules: Rules::default(), sealer, media })
    }

    /// Opens what [`Installation::create`] set up.
    ///
    /// # Errors
    /// When the schema is not the one this program knows, the key ring may be read by others, or the two do not
    /// belong together.
    pub async fn open(place: Place) -> anyhow::Result<Self> {
        match place.location.schema().await? {
            Schema::Current => {}
            Schema::Empty => {
                bail!("there is no installation here; `chandlery serve` or `chandlery migrate` sets one up")
            }
            Schema::Behind(missing) => bail!(
                "the database lacks {} migration(s) ({}); make a backup, then run `chandlery migrate`",
                missing.len(),
                missing.join(", ")
            ),
            Schema::Unknown(newer) => bail!(
                "the database was changed by a newer program (migrations {}); use that program",
                newer.join(", ")
            ),
        }
        let ring = KeyRing::open(&place.key_ring())?;
        let ring_kind = kind_of(&ring);
        let store = Store::open(&place.location)?;
        let vault = Arc::new(Vault::new(ring));
        let (kind, clock) = store
            .read(|tx| Ok::<_, Error>((settings::get(tx, names::KIND)?, settings::get(tx, names::CLOCK)?)))
            .await?;
        let kind = match kind.as_deref() {
            Some("live") => Kind::Live,
            Some("practice") => Kind::Practice,
            other => bail!("the database does not say what kind of installation it is ({other:?})"),
        };
        if kind != ring_kind {
            bail!(
                "the key ring {} is that of a {} installation, but the database is that of a {} one",
                place.key_ring().display(),
                ring_kind.word(),
                kind.word()
            );
        }
        let clock = match (kind, clock) {
            (Kind::Live, _) => Clock::real(),
            (Kind::Practice, Some(text)) => Clock::practice(
                Practice::from_setting(&text).context("the practice clock in the database is broken")?,
            ),
            (Kind::Practice, None) => bail!("the database lacks the practice clock"),
        };
        let signer = Arc::new(Signer::load(&store, &vault).await?);
        let rules = store.read(Rules::load).await?;
        let sealer = Arc::new(Sealer::load_or_draw(&store, &vault, wall_clock()).await?);
        let media = place.media_store()?;
        Ok(Self { place, kind, store, vault, clock, signer, rules, sealer, media })
    }
}

impl Installation {
    /// Takes up signing keys that were drawn elsewhere since; every few seconds at most, whatever tokens name.
    ///
    /// # Errors
    /// The store's own.
    pub async fn refresh_signer(&self) -> Result<(), Error> {
        if !self.signer.may_look() {
            return Ok(());
        }
        self.signer.take_up(&Signer::load(&self.store, &self.vault).await?);
        Ok(())
    }

    /// Draws a new key for signing tokens. Tokens signed with the older ones hold until they end.
    ///
    /// # Errors
    /// The store's own.
    pub async fn rotate_signing_key(&self) -> Result<(), Error> {
        let fresh = Signer::fresh()?;
        let vault = Arc::clone(&self.vault);
        let cx = Context::system(OPERATOR, self.clock.now(), "key rotation");
        self.store
            .write(cx.stamp(), move |tx| {
                let key = fresh.sealed(tx, &vault, wall_clock())?;
                stored::insert_signing_key(tx, &key)?;
                Ok::<_, Error>(((), Entry::did(Operation::SetUp, Resource::Installation, "signing key")))
            })
            .await?;
        self.signer.take_up(&Signer::load(&self.store, &self.vault).await?);
        Ok(())
    }
}

impl Installation {
    /// Adds a partner with the key its secrets are sealed with.
    ///
    /// # Errors
    /// The store's own.
    pub async fn add_partner(&self, partner: &Partner) -> Result<(), Error> {
        let cx = Context::system(OPERATOR, self.clock.now(), "set-up");
        let key = self.vault.fresh_data_key(Owner::Partner(partner.id))?;
        let partner = partner.clone();
        self.store.write(cx.stamp(), move |tx| set_up::add_partner(tx, &partner, &key)).await
    }
}

impl Installation {
    /// Tells the operator of which versions few keys are left. What was done stands, also when this fails.
    pub async fn tell_low(&self, list: &[Low]) {
        for low in list {
            tracing::warn!(product = %low.product, version = %low.version, left = low.left, "few product keys are left");
            let cx = Context::system(OPERATOR, self.clock.now(), "stock");
            let entry = Entry::did(Operation::StockLow, Resource::Catalog, &low.product)
                .with(vec![Fact::new("version", &low.version), Fact::new("left", low.left)]);
            let (inner, facts) = (
                cx.clone(),
                vec![fact("product", &low.product), fact("version", &low.version), fact("left", low.left)],
            );
            let told = self
                .store
                .write(cx.stamp(), move |tx| {
                    let place = (inner.request.to_string(), "/operator/stock".to_owned());
                    notify::tell_operator(tx, &inner, Notified::StockLow, place, facts.clone())?;
                    Ok::<_, Error>(((), entry.clone()))
                })
                .await;
            if let Err(error) = told {
                tracing::error!(%error, "that few keys are left could not be written to the log");
            }
        }
    }
}

impl Installation {
    /// Keeps whether mail is sent, and what links in mails begin with, where whoever writes one looks: jobs, and the
    /// operator's command line, which knows neither.
    ///
    /// # Errors
    /// The store's own.
    pub async fn send_mail_with(&self, links: Option<&str>) -> Result<(), Error> {
        let links = links.unwrap_or_default().trim_end_matches('/').to_owned();
        let kept = self.store.read(|tx| Ok::<_, Error>(settings::get(tx, names::MAIL_LINKS)?)).await?;
        if kept.unwrap_or_default() == links {
            return Ok(());
        }
        let cx = Context::system(OPERATOR, self.clock.now(), "set-up");
        self.store
            .write(cx.stamp(), move |tx| {
                settings::set(tx, names::MAIL_LINKS, &links)?;
                Ok::<_, Error>(((), Entry::did(Operation::SetUp, Resource::Installation, "mail")))
            })
            .await
    }
}

impl Installation {
    /// Moves the practice clock, here and for whoever opens the installation after us.
    ///
    /// # Errors
    /// When there is no practice clock, or the store's own.
    pub async fn move_clock(&self, to: Practice) -> Result<(), Error> {
        let from = self.clock.as_practice().ok_or(Error::NotFound(Missing::Other("practice clock")))?.now();
        let (setting, at) = (to.setting(), to.now());
        let cx = Context::system(OPERATOR, from, "practice clock");
        self.store
            .write(cx.stamp(), move |tx| {
                settings::set(tx, names::CLOCK, &setting)?;
                let facts = vec![Fact::new("from", from), Fact::new("to", at)];
                let entry = Entry::did(Operation::MoveClock, Resource::Installation, "clock");
                Ok::<_, Error>(((), entry.with(facts)))
            })
            .await?;
        self.clock.set(to);
        Ok(())
    }
}

fn kind_of(ring: &KeyRing) -> Kind {
    if ring.practice { Kind::Practice } else { Kind::Live }
}

/// Puts in what a new installation starts with and one of an older version lacks.
///
/// # Errors
/// The store's own.
pub async fn catch_up(place: &Place) -> anyhow::Result<()> {
    let store = Store::open(&place.location)?;
    let rates = seeds::tax_rates()?;
    let (licences, sizes) = (seeds::core_licences()?, seeds::machine_sizes()?);
    let filling = store.bookkeep(move |tx| {
        if !tax::any_rate(tx)? {
            tax::replace_rates(tx, &rates)?;
        }
        if !benefit::any(tx)? {
            benefit::replace_core_licences(tx, &licences)?;
            benefit::replace_sizes(tx, &sizes)?;
        }
        Ok::<_, Error>(())
    });
    filling.await?;
    catch_up_reservations(&store).await?;
    Ok(())
}

/// Makes reservations of lines that an older version sold without, or handed over without them being there.
///
/// # Errors
/// The store's own.
pub async fn catch_up_reservations(store: &Store) -> Result<(), Error> {
    const PIECE: i64 = 200;
    loop {
        let found = store.read(|tx| Ok::<_, Error>(reservations::behind(tx, PIECE)?)).await?;
        if found.is_empty() {
            return Ok(());
        }
        store
            .bookkeep(move |tx| {
                for (partner, order) in &found {
                    let cx = Context::system(*partner, wall_clock(), "set-up");
                    let scope = cx.authorize(Action::PlaceReservations)?;
                    app_reservations::catch_up(tx, &cx, &scope, *order)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
}

/// The key ring of a place, made where there is none; before anything else, so that a wrong one leaves no trace.
fn ring_of(place: &Place, kind: Kind) -> anyhow::Result<KeyRing> {
    let ring = KeyRing::open_or_create(&place.key_ring(), kind == Kind::Practice)?;
    if ring.practice != (kind == Kind::Practice) {
        bail!("the key ring in {} belongs to a {} installation", place.data.display(), kind_of(&ring).word());
    }
    Ok(ring)
}

/// Puts everything into a new database that an installation starts with.
async fn fill(store: &Store, vault: &Arc<Vault>, kind: Kind, clock: &Clock) -> anyhow::Result<()> {
    let cx = Context::system(OPERATOR, clock.now(), "setup");
    let (markets_list, blocked) = (seeds::markets()?, seeds::unavailable_markets()?);
    let rates = seeds::tax_rates()?;
    let (licences, sizes) = (seeds::core_licences()?, seeds::machine_sizes()?);
    let data_key = vault.fresh_data_key(Owner::Operator)?;
    let clock_setting = clock.as_practice().map(Practice::setting);
    let fresh = Signer::fresh()?;
    let vault = Arc::clone(vault);
    store
        .write(cx.stamp(), move |tx| {
            settings::set(tx, names::KIND, kind.word())?;
            settings::set(tx, names::POLICY_PROFILE, Profile::DEFAULT.as_str())?;
            if let Some(setting) = &clock_setting {
                settings::set(tx, names::CLOCK, setting)?;
            }
            markets::seed(tx, &markets_list, &blocked)?;
            policies::seed(tx)?;
            tax::replace_rates(tx, &rates)?;
            benefit::replace_core_licences(tx, &licences)?;
            benefit::replace_sizes(tx, &sizes)?;
            stored::insert_data_key(tx, &data_key)?;
            let signing = fresh.sealed(tx, &vault, wall_clock())?;
            stored::insert_signing_key(tx, &signing)?;
            Ok::<_, Error>(((), Entry::did(Operation::SetUp, Resource::Installation, "installation")))
        })
        .await?;
    Ok(())
}
