//! Building the practice twin: an operator, two partners, customers around the world, people in every role, a program,
//! prices and fake keys. Everything goes through the same use cases as the real thing.

use std::path::Path;
use std::sync::Arc;

use chandlery_domain::access::{Action, Role};
use chandlery_domain::agreement::{Kind as AgreementKind, Signatory};
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::catalog::{Family, Qualification};
use chandlery_domain::customer::{Address, BillingProfile, Customer, Partner};
use chandlery_domain::ids::{ApplicationId, CatalogItemId, CustomerId, PartnerId, UserId};
use chandlery_store::applications::Application;
use chandlery_store::factors::{self, Factor, FactorKind};
use chandlery_store::people::User;
use chandlery_store::{Schema, benefit as stored, catalog};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::agreements::Attestation;
use crate::app::benefit::import as benefit;
use crate::app::customers::NewCustomer;
use crate::app::{Context, agreements, customers, import_keys, import_prices, set_up};
use crate::clock::{Clock, Practice};
use crate::error::Error;
use crate::identity::passwords;
use crate::identity::programs::fresh_secret;
use crate::identity::second_factor;
use crate::identity::sign_in::owner_of;
use crate::installation::{Installation, Kind, OPERATOR, Place};

const PRICES: &str = include_str!("../../../../data/practice/prices.csv");
const KEYS: &str = include_str!("../../../../data/practice/keys.csv");
const CORE_LICENCES: &str = include_str!("../../../../data/practice/core-licences.csv");
const MACHINE_RATES: &str = include_str!("../../../../data/practice/machine-rates.csv");
/// Where the twin's sign-in data stand, beside its key ring and just as private.
const CREDENTIALS: &str = "practice.json";

/// The partner's roles, one person each.
const PARTNER_ROLES: [Role; 10] = [
    Role::GlobalAdmin,
    Role::AdminAgent,
    Role::SalesAgent,
    Role::HelpdeskAgent,
    Role::BillingAdmin,
    Role::UserManagementAdmin,
    Role::AccountAdmin,
    Role::ReferralsAdmin,
    Role::MarketingContentAdmin,
    Role::MpnPartnerAdmin,
];
const CUSTOMER_ROLES: [Role; 3] = [Role::CustomerGlobalAdmin, Role::CustomerBillingAdmin, Role::CustomerUser];

/// Who and what there is to practise with. It holds secrets, but only those of a practice installation.
#[derive(Clone, Serialize, Deserialize)]
pub struct Twin {
    /// The tenant of the first partner.
    pub tenant: String,
    /// The first partner's program.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The operator's administrator.
    pub operator: Person,
    /// The partners.
    pub partners: Vec<PartnerOut>,
    /// The customers.
    pub customers: Vec<CustomerOut>,
    /// The people.
    pub users: Vec<Person>,
    /// One program a partner; the first is the one above.
    pub applications: Vec<ProgramOut>,
    /// What is on sale.
    pub products: Vec<ProductOut>,
}

/// A partner of the twin.
#[derive(Clone, Serialize, Deserialize)]
pub struct PartnerOut {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub country: String,
    /// What it is billed in.
    pub currency: String,
}

/// A customer of the twin.
#[derive(Clone, Serialize, Deserialize)]
pub struct CustomerOut {
    /// Its id.
    pub id: String,
    /// Whose customer it is.
    pub partner_id: String,
    /// Its name.
    pub name: String,
    /// Its domain.
    pub domain: String,
    /// Where it is.
    pub country: String,
}

/// A person of the twin.
#[derive(Clone, Serialize, Deserialize)]
pub struct Person {
    /// The sign-in name.
    pub upn: String,
    /// What the person may do.
    pub role: String,
    /// The partner the person works for or through; empty for the operator's.
    pub partner_id: Option<String>,
    /// The customer the person works for, if for one.
    pub customer_id: Option<String>,
    /// The password.
    pub password: String,
    /// The secret of the person's authenticator, in base32: the second factor is asked for here too.
    pub totp_secret: String,
}

/// A program of the twin.
#[derive(Clone, Serialize, Deserialize)]
pub struct ProgramOut {
    /// Its partner's tenant.
    pub tenant: String,
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

/// Something on sale.
#[derive(Clone, Serialize, Deserialize)]
pub struct ProductOut {
    /// What goes into a cart.
    #[serde(rename = "catalogItemId")]
    pub catalog_item_id: String,
    /// Its name.
    pub title: String,
    /// Its family.
    pub kind: String,
}

#[derive(Serialize)]
struct Ready<'a> {
    api: &'a str,
    token_url: String,
    #[serde(flatten)]
    twin: &'a Twin,
}

impl Twin {
    /// The one line of JSON that tells a script everything.
    ///
    /// # Errors
    /// When it cannot be written, which is a defect.
    pub fn json(&self, url: &str) -> anyhow::Result<String> {
        let token_url = format!("{url}/{}/oauth2/token", self.tenant);
        Ok(serde_json::to_string(&Ready { api: url, token_url, twin: self })?)
    }

    /// The same for people.
    pub fn describe(&self, url: &str, folder: &Path) -> String {
        let mut text = format!(
            "The practice twin serves {url}\nIts folder is {}\n\nToken: POST {url}/{}/oauth2/token\n  client_id     {}\n  client_secret {}\n\nCustomers of {}:\n",
            folder.display(),
            self.tenant,
            self.client_id,
            self.client_secret,
            self.partners.first().map_or("", |partner| partner.name.as_str()),
        );
        for customer in self.customers.iter().filter(|customer| customer.partner_id == self.tenant) {
            text.push_str(&format!("  {}  {}  {}\n", customer.id, customer.country, customer.name));
        }
        text.push_str("\nMove the clock: POST /practice/clock with {\"advance\":\"P60D\"} or {\"set\":\"2020-03-01T09:00:00Z\"}");
        text
    }
}

/// Opens the twin in a place, or builds it there. `clock` is what a new twin gets; an old one gets it only where the
/// caller asked for it (`set_clock`).
///
/// # Errors
/// When the place holds a real installation or cannot be written.
pub async fn build_or_open(
    place: Place,
    clock: Practice,
    set_clock: bool,
) -> anyhow::Result<(Installation, Twin)> {
    let credentials = place.data.join(CREDENTIALS);
    if place.location.schema().await? != Schema::Empty {
        let installation = Installation::open(place).await?;
        if installation.kind != Kind::Practice {
            anyhow::bail!("this is a real installation; `chandlery serve` serves it");
        }
        if set_clock {
            installation.move_clock(clock).await?;
        }
        let text = std::fs::read_to_string(&credentials)?;
        return Ok((installation, serde_json::from_str(&text)?));
    }
    let installation = Installation::create(place, Kind::Practice, Clock::practice(clock)).await?;
    let twin = build(&installation).await?;
    write_private(&credentials, &serde_json::to_string_pretty(&twin)?)?;
    Ok((installation, twin))
}

fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(())
}

/// Fills an empty practice installation.
///
/// # Errors
/// When the data that come with the program are broken.
pub async fn build(installation: &Installation) -> anyhow::Result<Twin> {
    import_catalogue(installation).await?;
    super::media::add(installation).await?;
    let now = installation.clock.now();
    let ids = Context::system(OPERATOR, now, "practice").ids();
    let partners = partners(ids);
    for partner in &partners {
        installation.add_partner(partner).await?;
    }
    super::billing::set_up(installation, &partners).await?;
    let mut people = Vec::new();
    let mut shown = Vec::new();
    for (partner, domain, address) in homes(&partners) {
        let customer = add_customer(installation, partner, domain, address).await?;
        people.push((customer.id, partner.id, domain));
        shown.push(CustomerOut {
            id: customer.id.to_string(),
            partner_id: partner.id.to_string(),
            name: customer.billing.company_name,
            domain: customer.domain,
            country: customer.country.to_string(),
        });
    }
    let mut applications = Vec::new();
    for partner in &partners {
        applications.push(add_program(installation, partner.id).await?);
    }
    let program = applications.first().cloned().ok_or_else(|| anyhow::anyhow!("there is no partner"))?;
    let operator = Wanted {
        partner: OPERATOR,
        customer: None,
        role: Role::OperatorAdmin,
        upn: "operator@chandlery.example".into(),
    };
    let operator = add_person(installation, operator).await?;
    Ok(Twin {
        tenant: program.tenant.clone(),
        client_id: program.client_id.clone(),
        client_secret: program.client_secret.clone(),
        operator,
        users: add_people(installation, &partners, &people).await?,
        partners: partners
            .iter()
            .map(|partner| PartnerOut {
                id: partner.id.to_string(),
                name: partner.name.clone(),
                country: partner.country.to_string(),
                currency: partner.currency.to_string(),
            })
            .collect(),
        customers: shown,
        applications,
        products: on_sale(installation).await?,
    })
}

async fn import_catalogue(installation: &Installation) -> anyhow::Result<()> {
    let survey = import_prices::survey(PRICES.as_bytes(), &|_| {})?;
    let now = installation.clock.now();
    let cx = Context::system(OPERATOR, now, "practice");
    installation
        .store
        .write(cx.stamp(), move |tx| import_prices::import(tx, PRICES.as_bytes(), &survey, false, &|_| {}))
        .await?;
    let cx = Context::system(OPERATOR, now, "practice");
    let (inner, vault) = (cx.clone(), Arc::clone(&installation.vault));
    installation
        .store
        .write(cx.stamp(), move |tx| import_keys::import(tx, &inner, &vault, KEYS.as_bytes(), None, &|_| {}))
        .await?;
    let licences = benefit::core_licences(CORE_LICENCES.as_bytes())?;
    let rates = benefit::rates(MACHINE_RATES.as_bytes())?;
    let cx = Context::system(OPERATOR, now, "practice");
    let imported = Entry::did(Operation::ImportBenefit, Resource::HybridBenefit, "practice");
    installation
        .store
        .write(cx.stamp(), move |tx| {
            stored::replace_core_licences(tx, &licences)?;
            stored::put_rates(tx, &rates)?;
            Ok::<_, Error>(((), imported.clone()))
        })
        .await?;
    Ok(())
}

fn partners(mut next_id: impl FnMut() -> Uuid) -> Vec<Partner> {
    let mut partner = |name: &str, country: &str, currency: &str, regions: &[&str], mpn_id: &str| {
        Some(Partner {
            id: PartnerId::new(next_id()),
            name: name.into(),
            country: country.parse().ok()?,
            currency: currency.parse().ok()?,
            regions: regions.iter().map(|region| (*region).to_owned()).collect(),
            active: true,
            mpn_id: mpn_id.into(),
        })
    };
    [
        partner(
            "Norrsken Programvara AB",
            "SE",
            "SEK",
            &["Europe", "United States", "Australia", "Brazil"],
            "4815162",
        ),
        partner("Harbor Point Software Inc", "US", "USD", &["United States"], "2342108"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Where a customer of the twin lives: street, city, state, postal code, phone and registration number.
struct Home {
    name: &'static str,
    country: &'static str,
    culture: &'static str,
    street: &'static str,
    city: &'static str,
    state: Option<&'static str>,
    postal_code: &'static str,
    registration_number: Option<&'static str>,
    qualification: Qualification,
}

fn homes(partners: &[Partner]) -> Vec<(&Partner, &'static str, Home)> {
    let home = |name, country, culture, street, city, state, postal_code| Home {
        name,
        country,
        culture,
        street,
        city,
        state,
        postal_code,
        registration_number: None,
        qualification: Qualification::None,
    };
    let [first, second] = partners else {
        return Vec::new();
    };
    let brazil = Home {
        registration_number: Some("12.345.678/0001-95"),
        ..home(
            "Padaria Modelo Ltda",
            "BR",
            "pt-BR",
            "Rua das Flores 12",
            "São Paulo",
            Some("SP"),
            "01310-100",
        )
    };
    let school = Home {
        qualification: Qualification::Education,
        ..home("Folkskolan i Umeå", "SE", "sv-SE", "Skolgatan 1", "Umeå", None, "903 25")
    };
    vec![
        (
            first,
            "fjallvind",
            home("Fjällvind Energi AB", "SE", "sv-SE", "Storgatan 5", "Luleå", None, "972 32"),
        ),
        (
            first,
            "moewenwerft",
            home("Möwenwerft GmbH", "DE", "de-DE", "Hafenstraße 7", "Kiel", None, "24103"),
        ),
        (
            first,
            "lakeside",
            home("Lakeside Dental LLC", "US", "en-US", "1 Lake Road", "Madison", Some("WI"), "53703"),
        ),
        (
            first,
            "billabong",
            home(
                "Billabong Surveying Pty Ltd",
                "AU",
                "en-AU",
                "9 Creek Street",
                "Brisbane",
                Some("QLD"),
                "4000",
            ),
        ),
        (first, "padariamodelo", brazil),
        (
            first,
            "pirineus",
            home("Serveis Pirineus SL", "AD", "ca-AD", "Carrer Major 3", "Andorra la Vella", None, "AD500"),
        ),
        (first, "folkskolan", school),
        (
            second,
            "redwood",
            home("Redwood Printing Co", "US", "en-US", "200 Grove Street", "Eureka", Some("CA"), "95501"),
        ),
    ]
}

async fn add_customer(
    installation: &Installation,
    partner: &Partner,
    domain: &str,
    home: Home,
) -> anyhow::Result<Customer> {
    let now = installation.clock.now();
    let cx = Context::system(partner.id, now, "practice");
    let scope = cx.authorize(Action::CreateCustomer)?;
    let password = passwords::temporary();
    let customer = Customer {
        id: CustomerId::new(Uuid::nil()),
        domain: format!("{domain}.onmicrosoft.com"),
        registration_number: home.registration_number.map(Into::into),
        country: home.country.parse()?,
        qualification: home.qualification,
        under_review: false,
        associated_partner: None,
        billing: BillingProfile {
            id: Uuid::nil(),
            first_name: Some("Kim".into()),
            last_name: Some("Example".into()),
            email: format!("kim@{domain}.example"),
            culture: home.culture.into(),
            language: home.culture.chars().take(2).collect(),
            company_name: home.name.into(),
            address: Address {
                line1: home.street.into(),
                city: home.city.into(),
                state: home.state.map(Into::into),
                postal_code: Some(home.postal_code.into()),
                first_name: Some("Kim".into()),
                last_name: Some("Example".into()),
                phone: Some("+1 555 0100".into()),
                ..Address::default()
            },
        },
        created_at: now,
    };
    let new = NewCustomer {
        customer,
        admin_upn: format!("admin@{domain}.onmicrosoft.com"),
        password_hash: passwords::hash(&password)?,
    };
    let (inner, vault) = (cx.clone(), Arc::clone(&installation.vault));
    let customer = installation
        .store
        .write(cx.stamp(), move |tx| customers::create(tx, &inner, &vault, &scope, &new))
        .await?;
    attest(installation, partner.id, &customer, now).await?;
    Ok(customer)
}

async fn attest(
    installation: &Installation,
    partner: PartnerId,
    customer: &Customer,
    now: Timestamp,
) -> anyhow::Result<()> {
    let cx = Context::system(partner, now, "practice");
    let scope = cx.authorize(Action::AttestAgreement)?;
    let given = Attestation {
        customer: customer.id,
        kind: AgreementKind::Customer,
        signatory: Signatory {
            first_name: "Kim".into(),
            last_name: "Example".into(),
            email: customer.billing.email.clone(),
            phone: None,
        },
        agreed_at: now,
    };
    let inner = cx.clone();
    installation.store.write(cx.stamp(), move |tx| agreements::attest(tx, &inner, &scope, &given)).await?;
    Ok(())
}

async fn add_program(installation: &Installation, partner: PartnerId) -> anyhow::Result<ProgramOut> {
    let cx = Context::system(partner, installation.clock.now(), "practice");
    let (secret, credential) = fresh_secret(cx.now, None);
    let application = Application {
        client_id: ApplicationId::new(cx.ids()()),
        partner,
        name: "Practice script".into(),
        roles: vec![Role::GlobalAdmin, Role::AdminAgent],
        redirect_uris: vec!["http://localhost/practice".into()],
        public: false,
        keeps_refresh_tokens: false,
        revoked_at: None,
        credentials: vec![credential],
    };
    let client_id = application.client_id.to_string();
    installation.store.write(cx.stamp(), move |tx| set_up::add_application(tx, &application)).await?;
    Ok(ProgramOut { tenant: partner.to_string(), client_id, client_secret: secret })
}

struct Wanted {
    partner: PartnerId,
    customer: Option<CustomerId>,
    role: Role,
    upn: String,
}

async fn add_people(
    installation: &Installation,
    partners: &[Partner],
    customers: &[(CustomerId, PartnerId, &'static str)],
) -> anyhow::Result<Vec<Person>> {
    let mut wanted = Vec::new();
    for (partner, domain) in partners.iter().zip(["norrsken.example", "harborpoint.example"]) {
        for role in PARTNER_ROLES {
            let upn = format!("{}@{domain}", role.as_str().replace('_', "."));
            wanted.push(Wanted { partner: partner.id, customer: None, role, upn });
        }
    }
    for (customer, partner, domain) in customers.iter().take(2) {
        for role in CUSTOMER_ROLES {
            let name = role.as_str().trim_start_matches("customer_").replace('_', ".");
            let upn = format!("{name}@{domain}.onmicrosoft.com");
            wanted.push(Wanted { partner: *partner, customer: Some(*customer), role, upn });
        }
    }
    let mut people = Vec::new();
    for person in wanted {
        people.push(add_person(installation, person).await?);
    }
    Ok(people)
}

async fn add_person(installation: &Installation, wanted: Wanted) -> anyhow::Result<Person> {
    let cx = Context::system(wanted.partner, installation.clock.now(), "practice");
    let password: SecretString = passwords::temporary();
    let mut user = User::new(
        (wanted.partner, wanted.customer),
        UserId::new(cx.ids()()),
        (&wanted.upn, &wanted.role.as_str().replace('_', " ")),
        vec![wanted.role],
        passwords::hash(&password)?,
        cx.now,
    );
    user.must_change_password = false;
    let secret = second_factor::fresh_secret()?;
    let (vault, text, added_at) =
        (Arc::clone(&installation.vault), secret.to_string(), crate::clock::wall_clock());
    installation
        .store
        .write(cx.stamp(), move |tx| {
            let done = set_up::add_user(tx, &vault, &user)?;
            let sealed = vault.seal(tx, owner_of(&user), "factors", "practice", &text)?;
            let factor = Factor {
                id: "practice".into(),
                kind: FactorKind::Totp,
                name: "Authenticator".into(),
                secret: sealed,
                last_step: 0,
                added_at,
                used_at: None,
            };
            factors::insert(tx, user.partner, user.id, std::slice::from_ref(&factor))?;
            Ok::<_, Error>(done)
        })
        .await?;
    Ok(Person {
        upn: wanted.upn,
        role: wanted.role.as_str().into(),
        partner_id: (wanted.partner != OPERATOR).then(|| wanted.partner.to_string()),
        customer_id: wanted.customer.map(|id| id.to_string()),
        password: password.expose_secret().to_owned(),
        totp_secret: secret.to_string(),
    })
}

async fn on_sale(installation: &Installation) -> anyhow::Result<Vec<ProductOut>> {
    let now = installation.clock.now();
    let list: Vec<(CatalogItemId, String, Family)> =
        installation.store.read(move |tx| Ok::<_, Error>(catalog::on_sale(tx, now, 1000)?)).await?;
    Ok(list
        .into_iter()
        .map(|(item, title, family)| ProductOut {
            catalog_item_id: item.to_string(),
            title,
            kind: family.as_str().into(),
        })
        .collect())
}
