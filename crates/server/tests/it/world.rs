//! A small world for tests: an installation with a clock that stands, two partners, customers, prices and keys.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use chandlery::api::{self, Api};
use chandlery::app::agreements::{Attestation, attest};
use chandlery::app::customers::{NewCustomer, create};
use chandlery::app::{Context, import_keys, import_prices, set_up};
use chandlery::clock::{Clock, Practice};
use chandlery::error::Error;
use chandlery::identity::desk::{Desk, Reached};
use chandlery::identity::programs::secret_digest;
use chandlery::identity::tokens::{Claims, OnBehalf};
use chandlery::installation::{Installation, Kind, OPERATOR, Place};
use chandlery::jobs::{Outside, Runner};
use chandlery::outside::vault::Owner;
use chandlery::outside::webhooks::Reach;
use chandlery_domain::access::{Action, Role};
use chandlery_domain::agreement::{Kind as AgreementKind, Signatory};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::catalog::Qualification;
use chandlery_domain::customer::{Address, BillingProfile, Customer, Partner};
use chandlery_domain::ids::{ApplicationId, CustomerId, PartnerId, UserId};
use chandlery_store::Location;
use chandlery_store::applications::{self, Application, Credential, Proof};
use chandlery_store::jobs::{self, Task};
use chandlery_store::people::{self, User};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::databases;

/// When every test begins, unless it says otherwise.
pub const START: &str = "2020-02-01T10:00:00Z";
pub const HEADER: &str = "ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,Segment";

/// Expands a test for both databases.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)*) => {
        $(
            $(#[$meta])*
            mod $name {
                #[allow(unused_imports)]
                use super::*;

                #[allow(unused_mut)]
                async fn run(mut $world: $crate::world::World) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    run($crate::world::World::sqlite().await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    run($crate::world::World::postgres().await).await;
                }
            }
        )*
    };
}

/// An answer as a client sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    pub status: u16,
    pub headers: HashMap<String, String>,
    pub body: Value,
}

impl Reply {
    /// The body, once the status is the right one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// Asserts a refusal; returns its sentence.
    #[track_caller]
    pub fn refused(self, status: u16, code: u64) -> String {
        assert_eq!((self.status, self.body["code"].as_u64()), (status, Some(code)), "{}", self.body);
        self.body["description"].as_str().unwrap().to_owned()
    }
}

pub fn random16() -> [u8; 16] {
    let mut bytes = [0; 16];
    chandlery::ids::fill(&mut bytes);
    bytes
}

/// Request ids in a row: the log shows them, and whole answers are compared.
fn next_request_id() -> String {
    static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    Uuid::from_u128(0xCCCC_0000_0000_4000_8000_0000_0000_0000 + u128::from(number)).to_string()
}

/// The twin of everything a test may need.
pub struct World {
    pub installation: Installation,
    pub api: Api,
    pub runner: Runner,
    pub partner: Partner,
    pub other: Partner,
    /// Customers of the first partner by name: `de`, `se`, `au`, `br`, `ad`, `school`, and the other partner's `theirs`.
    pub customers: HashMap<&'static str, CustomerId>,
    pub token: String,
    pub their_token: String,
    /// The world's clock, by which people sign in.
    pub world: Clock,
    /// Lives as long as the world.
    pub _folder: Arc<tempfile::TempDir>,
}

impl World {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = databases::sqlite(folder.path()).await;
        Self::at(folder, location).await
    }

    pub async fn postgres() -> Self {
        Self::at(tempfile::tempdir().unwrap(), databases::postgres().await).await
    }

    async fn at(folder: tempfile::TempDir, location: Location) -> Self {
        chandlery::ids::fix([7; 16]);
        let place = Place { data: folder.path().to_owned(), location, media: None };
        let clock = Clock::practice(Practice::Standing(START.parse().unwrap()));
        let installation = Installation::begin(place, Kind::Practice, clock).await.unwrap();
        let partner = partner(1, "Erste Software GmbH", "DE", "EUR", &["Europe", "Australia", "Brazil"]);
        let other = partner_two();
        installation.add_partner(&partner).await.unwrap();
        installation.add_partner(&other).await.unwrap();
        let work = Arc::new(Notify::new());
        let world = Clock::practice(Practice::Running(SignedDuration::ZERO));
        let desk = Desk::new(installation.clone(), Reached::at("http://localhost"), world.clone()).unwrap();
        let api = Api::new(desk, true, Reach::Practice, Arc::clone(&work));
        let runner = Runner::new(installation.clone(), work, Outside::default());
        let roles = vec![Role::GlobalAdmin, Role::AdminAgent];
        add_program(&installation, partner.id, 11, roles.clone()).await;
        add_program(&installation, other.id, 12, roles.clone()).await;
        let token = person(&installation, partner.id, 11, 1011, roles.clone()).await;
        let their_token = person(&installation, other.id, 12, 1012, roles).await;
        let mut world = Self {
            installation,
            api,
            runner,
            partner,
            other,
            customers: HashMap::new(),
            token,
            their_token,
            world,
            _folder: Arc::new(folder),
        };
        world.import_prices(&standard_prices()).await.unwrap();
        world.import_keys(&standard_keys(0..40)).await.unwrap();
        for (key, country, qualification) in [
            ("de", "DE", Qualification::None),
            ("se", "SE", Qualification::None),
            ("au", "AU", Qualification::None),
            ("br", "BR", Qualification::None),
            ("ad", "AD", Qualification::None),
            ("us", "US", Qualification::None),
            ("school", "DE", Qualification::Education),
        ] {
            let id = world.add_customer(world.partner.id, key, country, qualification).await;
            world.customers.insert(key, id);
        }
        let theirs = world.add_customer(world.other.id, "theirs", "US", Qualification::None).await;
        world.customers.insert("theirs", theirs);
        world
    }

    /// The token of a person of the first partner's, through its program.
    pub async fn token_with(&self, number: u128, roles: Vec<Role>) -> String {
        person(&self.installation, self.partner.id, 11, number, roles).await
    }

    /// The token of a program of the first partner's, for itself.
    pub async fn program_with(&self, number: u128, roles: Vec<Role>) -> String {
        add_program(&self.installation, self.partner.id, number, roles).await
    }

    /// Moves the world's clock, by which people sign in, ahead.
    pub fn later(&self, seconds: i64) {
        let ahead = self.world.now().duration_since(chandlery::clock::wall_clock());
        self.world.set(Practice::Running(ahead + SignedDuration::from_secs(seconds)));
    }

    /// The same installation with a server started anew: nothing in memory.
    pub fn restarted(&self) -> Self {
        let work = Arc::new(Notify::new());
        let desk = Desk::new(self.installation.clone(), Reached::at("http://localhost"), self.world.clone())
            .unwrap();
        Self {
            installation: self.installation.clone(),
            api: Api::new(desk, true, Reach::Practice, Arc::clone(&work)),
            runner: Runner::new(self.installation.clone(), work, Outside::default()),
            partner: self.partner.clone(),
            other: self.other.clone(),
            customers: self.customers.clone(),
            token: self.token.clone(),
            their_token: self.their_token.clone(),
            world: self.world.clone(),
            _folder: Arc::clone(&self._folder),
        }
    }

    pub async fn user(&self, partner: PartnerId, id: UserId) -> User {
        let found = self.installation.store.read(move |tx| Ok::<_, Error>(people::by_id(tx, partner, id)?));
        found.await.unwrap().unwrap()
    }

    pub async fn user_named(&self, upn: &str) -> User {
        let upn = upn.to_owned();
        let found = self.installation.store.read(move |tx| Ok::<_, Error>(people::by_name(tx, &upn)?));
        found.await.unwrap().unwrap()
    }

    /// The text of the only mail that waits; waits a moment for it, because it is written behind the answer.
    pub async fn only_mail(&self) -> String {
        for _ in 0..200 {
            let now = Timestamp::MAX;
            let due = self.installation.store.read(move |tx| Ok::<_, Error>(jobs::due(tx, now, 10)?));
            if let Some(job) = due.await.unwrap().pop() {
                let Task::SendMail(sealed) = job.task else { panic!("no mail: {:?}", job.task) };
                let vault = Arc::clone(&self.installation.vault);
                let owner = Owner::Partner(job.partner);
                let text = self
                    .installation
                    .store
                    .read(move |tx| vault.open(tx, owner, "mail", &job.id.to_string(), &sealed));
                let mail: Value = serde_json::from_str(&text.await.unwrap()).unwrap();
                return mail["text"].as_str().unwrap().to_owned();
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("no mail was written");
    }

    pub async fn add_customer(
        &self,
        partner: PartnerId,
        key: &str,
        country: &str,
        qualification: Qualification,
    ) -> CustomerId {
        let now = self.now();
        let cx = Context::system(partner, now, "test");
        let scope = cx.authorize(Action::CreateCustomer).unwrap();
        let customer = Customer {
            id: CustomerId::new(Uuid::nil()),
            domain: format!("{key}.onmicrosoft.com"),
            registration_number: None,
            country: country.parse().unwrap(),
            qualification,
            under_review: false,
            associated_partner: None,
            billing: BillingProfile {
                id: Uuid::nil(),
                first_name: None,
                last_name: None,
                email: format!("someone@{key}.example"),
                culture: "en-US".into(),
                language: "en".into(),
                company_name: format!("Customer {key}"),
                address: Address {
                    line1: "1 Road".into(),
                    city: "Town".into(),
                    phone: Some("1".into()),
                    ..Address::default()
                },
            },
            created_at: now,
        };
        // Some countries demand a number, and the others take none.
        let numbered = Customer { registration_number: Some("1".to_owned()), ..customer.clone() };
        let demanded = chandlery_domain::customer::check_country_demands(&customer).is_err();
        let customer = if demanded { numbered } else { customer };
        let new = NewCustomer {
            customer,
            admin_upn: format!("admin@{key}.onmicrosoft.com"),
            password_hash: "x".into(),
        };
        let (inner, vault) = (cx.clone(), Arc::clone(&self.installation.vault));
        let customer = self
            .installation
            .store
            .write(cx.stamp(), move |tx| create(tx, &inner, &vault, &scope, &new))
            .await
            .unwrap();
        let cx = Context::system(partner, now, "test");
        let scope = cx.authorize(Action::AttestAgreement).unwrap();
        let given = Attestation {
            customer: customer.id,
            kind: AgreementKind::Customer,
            signatory: Signatory {
                first_name: "A".into(),
                last_name: "B".into(),
                email: "a@b.example".into(),
                phone: None,
            },
            agreed_at: now,
        };
        let inner = cx.clone();
        self.installation
            .store
            .write(cx.stamp(), move |tx| attest(tx, &inner, &scope, &given))
            .await
            .unwrap();
        customer.id
    }

    pub fn now(&self) -> Timestamp {
        self.installation.clock.now()
    }

    pub fn set_clock(&self, at: &str) {
        self.installation.clock.set(Practice::Standing(at.parse().unwrap()));
    }

    /// Runs every job that is due.
    pub async fn settle(&self) {
        self.runner.drain().await.unwrap();
    }

    pub async fn import_prices(
        &self,
        sheet: &str,
    ) -> Result<import_prices::Imported, import_prices::ImportError> {
        let survey = import_prices::survey(sheet.as_bytes(), &|_| {})?;
        let cx = Context::system(OPERATOR, self.now(), "test");
        let sheet = sheet.to_owned();
        self.installation
            .store
            .write(cx.stamp(), move |tx| import_prices::import(tx, sheet.as_bytes(), &survey, false, &|_| {}))
            .await
    }

    pub async fn import_keys(&self, file: &str) -> Result<usize, Error> {
        let cx = Context::system(OPERATOR, self.now(), "test");
        let (inner, vault, file) = (cx.clone(), Arc::clone(&self.installation.vault), file.to_owned());
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                import_keys::import(tx, &inner, &vault, file.as_bytes(), None, &|_| {})
            })
            .await
    }

    /// The path of one of the first partner's customers.
    pub fn path(&self, customer: &str) -> String {
        format!("/v1/customers/{}", self.customers[customer])
    }

    pub async fn send(&self, request: Request) -> Reply {
        let response = api::normalised(self.api.clone()).oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Reply { status, headers, body }
    }

    pub async fn call_as(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Authorization", format!("Bearer {token}"))
            .header("MS-RequestId", next_request_id())
            .header("Content-Type", "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    /// A GET with headers of one's own.
    pub async fn call_with(&self, token: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::builder().uri(path).header("Authorization", format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Puts a program in the place of the one with its id.
    pub async fn replace_program(&self, own: Application) {
        let cx = Context::system(self.partner.id, self.now(), "test");
        let id = own.client_id;
        self.installation
            .store
            .write(cx.stamp(), move |tx| {
                applications::replace(tx, &own)?;
                let entry = Entry::did(Operation::SetUp, Resource::Application, own.client_id);
                Ok::<_, Error>(((), entry))
            })
            .await
            .unwrap();
        self.api.desk.programs.forget(id);
    }

    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Reply {
        self.call_as(&self.token, method, path, body).await
    }

    /// The same call under a request id, as often as one likes.
    pub async fn call_under(&self, id: &str, method: &str, path: &str, body: &Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Authorization", format!("Bearer {}", self.token))
            .header("MS-RequestId", id)
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    /// A call under a request id by somebody in particular.
    pub async fn call_with_id(&self, token: &str, id: &str, method: &str, path: &str, body: &Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("Authorization", format!("Bearer {token}"))
            .header("MS-RequestId", id)
            .body(Body::from(body.to_string()));
        self.send(request.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call("GET", path, None).await.expect(200)
    }

    /// The page of a list that a token names.
    pub async fn get_from(&self, path: &str, token: &str) -> Value {
        let request = Request::builder()
            .uri(path)
            .header("Authorization", format!("Bearer {}", self.token))
            .header("MS-ContinuationToken", token)
            .body(Body::empty());
        self.send(request.unwrap()).await.expect(200)
    }

    /// The catalogue item of a product and SKU, commercial unless it says otherwise.
    pub async fn item(&self, customer: &str, product: &str, sku: &str) -> String {
        let path = format!(
            "{}/products/{product}/skus/{sku}/availabilities?targetSegment=commercial",
            self.path(customer)
        );
        self.get(&path).await["items"][0]["catalogItemId"].as_str().unwrap().to_owned()
    }

    /// A line for a cart.
    pub async fn line(&self, product: &str, sku: &str, quantity: u64) -> Value {
        json!({ "catalogItemId": self.item("de", product, sku).await, "quantity": quantity, "billingCycle": "one_time" })
    }

    pub async fn cart(&self, customer: &str, lines: &[Value]) -> Value {
        let path = format!("{}/carts", self.path(customer));
        self.call("POST", &path, Some(json!({ "lineItems": lines }))).await.expect(201)
    }

    /// Checks a cart out; the reply as it is.
    pub async fn check_out(&self, customer: &str, cart: &Value) -> Reply {
        let path = format!("{}/carts/{}/checkout", self.path(customer), cart["id"].as_str().unwrap());
        self.call("POST", &path, None).await
    }

    /// Buys lines for the German customer, all in one order, and lets the jobs run.
    pub async fn buy(&self, lines: &[Value]) -> Value {
        let cart = self.cart("de", lines).await;
        let result = self.check_out("de", &cart).await.expect(201);
        self.settle().await;
        let id = result["orders"][0]["id"].as_str().unwrap();
        self.get(&format!("{}/orders/{id}?include_price=true", self.path("de"))).await
    }

    pub async fn cancel(&self, order: &Value) -> Reply {
        let path = format!("{}/orders/{}", self.path("de"), order["id"].as_str().unwrap());
        self.call("PATCH", &path, Some(json!({ "id": order["id"], "status": "cancelled" }))).await
    }

    /// The amounts of an order in the ledger.
    pub async fn ledger(&self, order: &Value) -> Vec<String> {
        let path = format!("{}/orders/{}/charges", self.path("de"), order["id"].as_str().unwrap());
        let list = self.get(&path).await;
        list["items"].as_array().unwrap().iter().map(|line| money(&line["subtotal"])).collect()
    }
}

pub fn partner(number: u128, name: &str, country: &str, currency: &str, regions: &[&str]) -> Partner {
    Partner {
        id: PartnerId::new(Uuid::from_u128(0xAAAA_0000_0000_7000_8000_0000_0000_0000 + number)),
        name: name.into(),
        country: country.parse().unwrap(),
        currency: currency.parse().unwrap(),
        regions: regions.iter().map(|region| (*region).to_owned()).collect(),
        active: true,
        mpn_id: "1".into(),
    }
}

fn partner_two() -> Partner {
    partner(2, "Second Software Inc", "US", "USD", &["United States"])
}

/// Registers a program; returns a token of its own.
pub async fn add_program(
    installation: &Installation,
    partner: PartnerId,
    number: u128,
    roles: Vec<Role>,
) -> String {
    let id = ApplicationId::new(Uuid::from_u128(number));
    let now = installation.clock.now();
    let application = Application {
        client_id: id,
        partner,
        name: "test".into(),
        roles,
        redirect_uris: vec!["https://app.example/cb".into()],
        public: false,
        keeps_refresh_tokens: false,
        revoked_at: None,
        credentials: vec![Credential {
            id: "first".into(),
            proof: Proof::Secret(secret_digest(&format!("secret {number}"))),
            hint: "secr".into(),
            added_at: now,
            ends_at: None,
        }],
    };
    let cx = Context::system(partner, now, "test");
    installation.store.write(cx.stamp(), move |tx| set_up::add_application(tx, &application)).await.unwrap();
    let claims = claims(partner, number);
    installation.signer.sign(&claims).unwrap()
}

/// What a token of a program says.
pub fn claims(partner: PartnerId, program: u128) -> Claims {
    let id = ApplicationId::new(Uuid::from_u128(program));
    Claims::of_program(id, partner, "http://test", "test", "1.0", chandlery::clock::wall_clock())
}

/// Adds a person; returns a token of a program that acts for it, with a second factor.
pub async fn person(
    installation: &Installation,
    partner: PartnerId,
    program: u128,
    number: u128,
    roles: Vec<Role>,
) -> String {
    let upn =
        format!("person.{number}@{}.example", if partner == partner_two().id { "second" } else { "erste" });
    let id = UserId::new(Uuid::from_u128(number));
    let now = installation.clock.now();
    let user = User::new((partner, None), id, (&upn, "Somebody"), roles, String::new(), now);
    let (cx, vault) = (Context::system(partner, now, "test"), Arc::clone(&installation.vault));
    installation.store.write(cx.stamp(), move |tx| set_up::add_user(tx, &vault, &user)).await.unwrap();
    let acting = claims(partner, program).on_behalf_of(&on_behalf(number, &["pwd", "mfa"]));
    installation.signer.sign(&acting).unwrap()
}

/// For whom a token acts.
pub fn on_behalf(person: u128, methods: &[&str]) -> OnBehalf {
    OnBehalf {
        user: UserId::new(Uuid::from_u128(person)),
        methods: methods.iter().map(|own| (*own).to_owned()).collect(),
        signed_in_at: chandlery::clock::wall_clock().as_second(),
        grant: "test".into(),
        scope: "user_impersonation".into(),
    }
}

/// An amount of the wire with its two decimals; amounts in tests are small enough for this to be exact.
pub fn money(amount: &Value) -> String {
    format!("{:.2}", amount.as_f64().unwrap())
}

/// One row of a price sheet, in force from 2019 on.
pub fn row(
    product: (&str, &str, &str),
    sku: (&str, &str),
    term: &str,
    tags: &str,
    place: (&str, &str),
    price: &str,
) -> String {
    row_for("Commercial", product, sku, term, tags, place, price)
}

pub fn row_for(
    segment: &str,
    (title, product, max): (&str, &str, &str),
    (sku, sku_title): (&str, &str),
    term: &str,
    tags: &str,
    (market, currency): (&str, &str),
    price: &str,
) -> String {
    format!(
        "{title},{product},{sku},{sku_title},Microsoft,text,,{term},,{market},{currency},{price},,{max},2019-01-01T00:00:00Z,9999-11-30T23:59:59Z,{tags},,{segment}"
    )
}

pub const SQL: (&str, &str, &str) = ("SQL Server Enterprise", "DG7GMGF0FKZV", "");
pub const RMS: (&str, &str, &str) = ("Rights Management CAL", "DG7GMGF0D5SL", "100");
pub const VM: (&str, &str, &str) = ("Reserved VM Instance", "DZH318Z0BQ4Z", "");
pub const SUSE: (&str, &str, &str) = ("SUSE plan", "DZH318Z0SLES", "");

/// The prices every test begins with: the numbers of the golden cases.
pub fn standard_prices() -> String {
    let (sub, perpetual) = ("Software;Subscription", "Software;Perpetual");
    let mut rows = vec![HEADER.to_owned()];
    for place in [
        ("DE", "EUR"),
        ("SE", "EUR"),
        ("SE", "SEK"),
        ("AD", "EUR"),
        ("AU", "AUD"),
        ("BR", "BRL"),
        ("US", "USD"),
    ] {
        rows.push(row(SQL, ("2", "SQL Enterprise 1 year"), "P1Y", sub, place, "1500.00"));
        rows.push(row(SQL, ("3", "SQL Enterprise 3 years"), "P3Y", sub, place, "3600.00"));
        rows.push(row(RMS, ("7", "RMS CAL 1 Device"), "OneTime", perpetual, place, "119.99"));
        rows.push(row(VM, ("002L", "Reserved VM 1 year"), "P1Y", "Azure;Reservation", place, "900.00"));
        rows.push(row(SUSE, ("1", "SUSE 1 year"), "P1Y", "Software;Linux", place, "78.80"));
    }
    rows.push(row_for(
        "Education",
        RMS,
        ("7", "RMS CAL 1 Device"),
        "OneTime",
        perpetual,
        ("DE", "EUR"),
        "40.00",
    ));
    rows.join("\n") + "\n"
}

/// Fake keys for the standard products.
pub fn standard_keys(numbers: std::ops::Range<u32>) -> String {
    let mut rows = vec!["ProductId,Version,Key,Activations".to_owned()];
    for (product, mark) in [(SQL.1, "SQLE"), (RMS.1, "RMSC")] {
        for number in numbers.clone() {
            rows.push(format!("{product},2022,AAA1-BBB2-CCC3-DDD4-EEE5-FAKE-{mark}-{number:04},"));
        }
    }
    rows.join("\n") + "\n"
}
