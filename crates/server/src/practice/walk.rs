//! The main job, step by step, through the twin's own HTTP interface: what a newcomer sees first, and a check that it
//! comes out right. The sums are worked out here once more, independently of the rules.

use anyhow::{Context as _, bail};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

mod billing;
mod downloads;

use super::browser::Browser;
use super::twin::Twin;
use crate::installation::Installation;
use crate::log::{Finding, PublicKeys, verify_export};

/// When the story begins: the day of the first seed.
pub const STARTS_AT: &str = "2020-01-24T10:00:00Z";

struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

impl Client {
    async fn sign_in(url: &str, twin: &Twin) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let agent = twin.users.iter().find(|own| own.role == "admin_agent");
        let agent = agent.context("the twin has no admin agent")?;
        let answer = Browser::new(url)?.tokens(twin, agent).await?;
        let token =
            answer.get("access_token").and_then(Value::as_str).context("no token was given")?.to_owned();
        Ok(Self { http, url: url.to_owned(), token })
    }

    async fn send(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<(u16, Value)> {
        let mut request = self
            .http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.token)
            .header("MS-RequestId", uuid::Uuid::from_bytes(random16()).to_string());
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await.unwrap_or(Value::Null)))
    }

    async fn expect(
        &self,
        method: reqwest::Method,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> anyhow::Result<Value> {
        let (got, answer) = self.send(method.clone(), path, body).await?;
        if got != status {
            bail!("{method} {path} answered {got}, not {status}: {answer}");
        }
        Ok(answer)
    }

    async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.expect(reqwest::Method::GET, path, None, 200).await
    }

    /// A text as it is.
    async fn text(&self, path: &str) -> anyhow::Result<String> {
        let answer = self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token).send().await?;
        Ok(answer.error_for_status()?.text().await?)
    }

    async fn clock(&self, body: Value) -> anyhow::Result<String> {
        let answer = self.expect(reqwest::Method::POST, "/practice/clock", Some(body), 200).await?;
        text(&answer, "/now")
    }
}

fn random16() -> [u8; 16] {
    let mut bytes = [0; 16];
    crate::ids::fill(&mut bytes);
    bytes
}

fn text(value: &Value, pointer: &str) -> anyhow::Result<String> {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found.map(str::to_owned).with_context(|| format!("{pointer} is missing in {value}"))
}

fn decimal(value: &Value, pointer: &str) -> anyhow::Result<Decimal> {
    let found = value.pointer(pointer).with_context(|| format!("{pointer} is missing in {value}"))?;
    Decimal::from_str_exact(&found.to_string()).with_context(|| format!("{pointer} is no number"))
}

fn items(value: &Value) -> &[Value] {
    value.get("items").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Tells the story and checks it.
struct Story<'a> {
    client: Client,
    tell: &'a mut (dyn FnMut(String) + Send),
    step: u32,
    right: bool,
}

impl Story<'_> {
    fn title(&mut self, title: &str) {
        self.step += 1;
        (self.tell)(format!("\n{:>2}. {title}", self.step));
    }

    fn say(&mut self, line: impl Into<String>) {
        (self.tell)(format!("    {}", line.into()));
    }

    fn check(&mut self, what: &str, right: bool) {
        self.right &= right;
        let mark = if right { "✓" } else { "✗ WRONG:" };
        self.say(format!("{mark} {what}"));
    }

    /// Finds the item of a product with a word in its title.
    async fn item(
        &self,
        customer: &str,
        view: &str,
        product: &str,
        word: &str,
    ) -> anyhow::Result<(String, String)> {
        let base = format!("/v1/customers/{customer}/products");
        let list = self.client.get(&format!("{base}?targetView={view}")).await?;
        let found = items(&list).iter().find(|own| text(own, "/title").is_ok_and(|title| title == product));
        let id = text(found.with_context(|| format!("{product} is not on sale"))?, "/id")?;
        let skus = self.client.get(&format!("{base}/{id}/skus")).await?;
        let found =
            items(&skus).iter().find(|own| text(own, "/title").is_ok_and(|title| title.contains(word)));
        let sku = text(found.with_context(|| format!("{product} has no SKU {word}"))?, "/id")?;
        let offers = self
            .client
            .get(&format!("{base}/{id}/skus/{sku}/availabilities?targetSegment=commercial"))
            .await?;
        let offer = items(&offers).first().context("there is no availability")?;
        Ok((text(offer, "/catalogItemId")?, text(offer, "/sku/title")?))
    }

    /// Buys one line and waits until it is fulfilled; the order comes with its prices.
    async fn buy(
        &mut self,
        customer: &str,
        item: &str,
        quantity: u32,
        term: Option<&str>,
    ) -> anyhow::Result<Value> {
        let line = json!({
            "id": 0, "catalogItemId": item, "quantity": quantity, "billingCycle": "one_time", "termDuration": term
        });
        let base = format!("/v1/customers/{customer}");
        let post = reqwest::Method::POST;
        let cart = self
            .client
            .expect(post.clone(), &format!("{base}/carts"), Some(json!({ "lineItems": [line] })), 201)
            .await?;
        let cart = text(&cart, "/id")?;
        let path = format!("{base}/carts/{cart}/checkout");
        let first = self.client.expect(post.clone(), &path, None, 201).await?;
        let again = self.client.expect(post, &path, None, 201).await?;
        self.check("checking out the same cart again gives the same answer", first == again);
        let id = text(&first, "/orders/0/id")?;
        for _ in 0..200 {
            let order = self.client.get(&format!("{base}/orders/{id}?include_price=true")).await?;
            if text(&order, "/status")? == "completed" {
                return Ok(order);
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        bail!("order {id} was not fulfilled within five seconds")
    }

    /// The artifacts of an order's keys.
    async fn artifacts(&self, customer: &str, order: &str) -> anyhow::Result<Vec<Value>> {
        let path = format!("/v1/customers/{customer}/entitlements?entitlementType=software&showExpiry=true");
        let list = self.client.get(&path).await?;
        let own =
            items(&list).iter().filter(|own| text(own, "/referenceOrder/id").is_ok_and(|id| id == order));
        Ok(own.filter_map(|own| own.pointer("/entitledArtifacts")?.as_array().cloned()).flatten().collect())
    }

    async fn open_key(&mut self, customer: &str, order: &str) -> anyhow::Result<String> {
        let artifact =
            self.artifacts(customer, order).await?.into_iter().next().context("there is no key")?;
        let link = text(&artifact, "/link/uri")?;
        let key = text(&self.client.get(&format!("/v1{link}")).await?, "/productKey")?;
        self.say(format!("product key {key}"));
        self.check(
            "it has 32 characters in groups of four and is visibly fake",
            key.len() == 39 && key.starts_with("AAA1-BBB2"),
        );
        Ok(link)
    }
}

fn money(amount: Decimal, currency: &str) -> String {
    format!("{amount:.2} {currency}")
}

/// Does the main job; true when every step came out right.
///
/// # Errors
/// When a step could not be done at all.
pub async fn walk(
    (url, installation): (&str, &Installation),
    twin: &Twin,
    tell: &mut (dyn FnMut(String) + Send),
) -> anyhow::Result<bool> {
    let client = Client::sign_in(url, twin).await?;
    let mut story = Story { client, tell, step: 0, right: true };
    let customer = twin
        .customers
        .iter()
        .find(|customer| customer.country == "DE" && customer.partner_id == twin.tenant)
        .context("the twin has no German customer")?;
    (story.tell)(format!(
        "The practice twin serves {url}. {} sells to {}.",
        partner_name(twin),
        customer.name
    ));
    story.title("An admin agent signs in with a password and a second factor; a program acts for it");
    let agent = twin.users.iter().find(|own| own.role == "admin_agent").map_or("", |own| own.upn.as_str());
    story.say(format!("{agent} gave the program leave; its token shows the second factor"));
    before_buying(&mut story, customer).await?;
    let (subscription, perpetual) = purchases(&mut story, &customer.id).await?;
    let link = downloads::walk(&mut story, &customer.id, &subscription).await?;
    cancelling(&mut story, &customer.id, &subscription).await?;
    downloads::after_cancelling(&mut story, &link).await?;
    afterwards(&mut story, &customer.id, &perpetual).await?;
    refusals(&mut story, twin).await?;
    proof(&mut story).await?;
    billing::walk(&mut story, installation).await?;
    let verdict =
        if story.right { "Every step came out right." } else { "Something came out wrong; see above." };
    (story.tell)(format!("\n{verdict}"));
    Ok(story.right)
}

fn partner_name(twin: &Twin) -> String {
    twin.partners.first().map_or_else(String::new, |partner| partner.name.clone())
}

async fn before_buying(story: &mut Story<'_>, customer: &super::twin::CustomerOut) -> anyhow::Result<()> {
    story.title("The price sheet is in; the catalogue shows what this customer may buy");
    let now = text(&story.client.get("/practice/clock").await?, "/now")?;
    story.say(format!("the practice clock stands at {now}"));
    for view in ["SoftwareSubscriptions", "SoftwarePerpetual", "AzureReservations", "SoftwareSUSELinux"] {
        let list =
            story.client.get(&format!("/v1/customers/{}/products?targetView={view}", customer.id)).await?;
        story.say(format!("{view}: {} products", items(&list).len()));
    }
    story.title("The customer is found by the start of its name, and its agreement is confirmed");
    let filter = json!({ "Field": "CompanyName", "Value": "möwen", "Operator": "starts_with" }).to_string();
    let query: String =
        form_urlencoded::Serializer::new(String::new()).append_pair("filter", &filter).finish();
    let found = story.client.get(&format!("/v1/customers?size=10&{query}")).await?;
    story.check("one customer is found", items(&found).len() == 1);
    let path = format!("/v1/customers/{}/agreements?agreementType=MicrosoftCustomerAgreement", customer.id);
    let agreed = items(&story.client.get(&path).await?).len();
    story.check("the customer agreement is confirmed", agreed == 1);
    Ok(())
}

/// The two purchases: a server subscription and a perpetual licence. Returns both orders.
async fn purchases(story: &mut Story<'_>, customer: &str) -> anyhow::Result<(Value, Value)> {
    story.title("A server subscription is bought: SQL Server Enterprise for a year, 4 packs");
    let (item, title) =
        story.item(customer, "SoftwareSubscriptions", "SQL Server Enterprise", "1 year").await?;
    let subscription = story.buy(customer, &item, 4, Some("P1Y")).await?;
    tell_order(story, &subscription, &title)?;
    story.title("A perpetual licence is bought: SQL Server 2022 user CAL, 10 of them");
    let (item, title) = story.item(customer, "SoftwarePerpetual", "SQL Server 2022 CAL", "User").await?;
    let perpetual = story.buy(customer, &item, 10, None).await?;
    tell_order(story, &perpetual, &title)?;
    story.title("The product keys are opened; each opening goes to the activity log first");
    for order in [&subscription, &perpetual] {
        story.open_key(customer, &text(order, "/id")?).await?;
    }
    Ok((subscription, perpetual))
}

fn tell_order(story: &mut Story<'_>, order: &Value, title: &str) -> anyhow::Result<()> {
    let currency = text(order, "/currencyCode")?;
    let unit = decimal(order, "/lineItems/0/pricing/price")?;
    let quantity = decimal(order, "/lineItems/0/quantity")?;
    let total = decimal(order, "/totalPrice")?;
    story.say(format!("{title}: {} × {quantity} = {}", money(unit, &currency), money(total, &currency)));
    story.say(format!("order {} is {}", text(order, "/alternateId")?, text(order, "/status")?));
    story.check("unit × quantity is the order's total", unit.checked_mul(quantity) == Some(total));
    Ok(())
}

/// The subscription goes back after 29 days: quote, cancellation, ledger.
async fn cancelling(story: &mut Story<'_>, customer: &str, order: &Value) -> anyhow::Result<()> {
    let id = text(order, "/id")?;
    let base = format!("/v1/customers/{customer}/orders/{id}");
    let currency = text(order, "/currencyCode")?;
    let (unit, quantity) =
        (decimal(order, "/lineItems/0/pricing/price")?, decimal(order, "/lineItems/0/quantity")?);
    story.title("29 days later: what would cancelling the subscription give back?");
    let now = story.client.clock(json!({ "advance": "P29D" })).await?;
    let quote = story
        .client
        .expect(reqwest::Method::POST, &format!("{base}/cancellationquote"), Some(json!({})), 200)
        .await?;
    let promised = decimal(&quote, "/totalCredit")?;
    story.say(format!(
        "the clock stands at {now}; it can be cancelled until {}",
        text(&quote, "/cancellationAllowedUntilDate")?
    ));
    story.say(text(&quote, "/lineItems/0/explanation")?);
    story.say(format!(
        "by the policy {}; signed, and good until {}",
        text(&quote, "/lineItems/0/policy")?,
        text(&quote, "/creditHoldsUntilDate")?
    ));
    // Bought on 24 January 2020 for a year of 366 days; on 22 February 337 of them are unused.
    let expected = unit
        .checked_mul(Decimal::from(337))
        .and_then(|product| product.checked_div(Decimal::from(366)))
        .map(|share| share.round_dp_with_strategy(2, RoundingStrategy::ToZero))
        .and_then(|share| share.checked_mul(quantity));
    story.check(
        &format!("the promise is {}, worked out a second way", money(promised, &currency)),
        expected == Some(promised),
    );
    story.title("The order is cancelled; the ledger shows exactly the promised credit");
    let body = json!({ "id": id, "status": "cancelled", "signedQuote": text(&quote, "/signedQuote")? });
    let cancelled = story.client.expect(reqwest::Method::PATCH, &base, Some(body), 200).await?;
    story.check("the order is cancelled", text(&cancelled, "/status")? == "cancelled");
    let ledger = story.client.get(&format!("{base}/charges")).await?;
    let mut sum = Decimal::ZERO;
    let mut credit = Decimal::ZERO;
    for line in items(&ledger) {
        let (kind, amount) = (text(line, "/chargeType")?, decimal(line, "/subtotal")?);
        story.say(format!("{kind:<6} {:>16}", money(amount, &currency)));
        sum = sum.checked_add(amount).context("the sum is too large")?;
        if kind == "Cancel" {
            credit = amount;
        }
    }
    story.say(format!("{:<6} {:>16}", "owed", money(sum, &currency)));
    story.check("the credit is the promise to the cent", credit == -promised);
    Ok(())
}

/// Keys after cancelling, the window after sixty days, and the log.
async fn afterwards(story: &mut Story<'_>, customer: &str, perpetual: &Value) -> anyhow::Result<()> {
    story.title("The cancelled software stays listed, without its key");
    let list =
        story.client.get(&format!("/v1/customers/{customer}/entitlements?entitlementType=software")).await?;
    let revoked: Vec<&Value> = items(&list)
        .iter()
        .filter(|own| own.pointer("/entitledArtifacts/0/state").and_then(Value::as_str) == Some("Revoked"))
        .collect();
    story.check("one of two entitlements is revoked", items(&list).len() == 2 && revoked.len() == 1);
    let linked = revoked.iter().any(|own| own.pointer("/entitledArtifacts/0/link").is_some());
    story.check("and has no link to a key", !linked);

    story.title("On day 60 the perpetual licence could go back in full; a second after that day it cannot");
    let base = format!("/v1/customers/{customer}/orders/{}", text(perpetual, "/id")?);
    let currency = text(perpetual, "/currencyCode")?;
    let quote_path = format!("{base}/cancellationquote");
    story.client.clock(json!({ "set": "2020-03-24T23:59:59Z" })).await?;
    let quote = story.client.expect(reqwest::Method::POST, &quote_path, Some(json!({})), 200).await?;
    let (promised, paid) = (decimal(&quote, "/totalCredit")?, decimal(perpetual, "/totalPrice")?);
    story.check(
        &format!("24 March, 23:59:59 UTC: {} of {}", money(promised, &currency), money(paid, &currency)),
        promised == paid,
    );
    story.client.clock(json!({ "advance": "PT1S" })).await?;
    let body = json!({ "status": "cancelled" });
    let (status, refusal) = story.client.send(reqwest::Method::PATCH, &base, Some(body)).await?;
    story.say(text(&refusal, "/description")?);
    let code = refusal.pointer("/code").and_then(Value::as_u64);
    story.check(
        "25 March, 00:00:00 UTC: refused with 400 and code 900117",
        status == 400 && code == Some(900_117),
    );

    story.title("The activity log tells who did what");
    let log = story.client.get("/v1/auditrecords?startDate=2020-01-24&endDate=2020-03-25").await?;
    let count = |operation: &str, outcome: &str| {
        items(&log)
            .iter()
            .filter(|own| own.pointer("/operationType").and_then(Value::as_str) == Some(operation))
            .filter(|own| own.pointer("/operationStatus").and_then(Value::as_str) == Some(outcome))
            .count()
    };
    let (orders, keys) = (count("create_order", "succeeded"), count("get_software_key", "succeeded"));
    let (done, refused) = (count("update_order", "succeeded"), count("update_order", "failed"));
    story.say(format!(
        "{orders} orders placed, {keys} keys opened, {done} order cancelled, {refused} cancellation refused"
    ));
    story.check("every act is there, the refused one too", (orders, keys, done, refused) == (2, 2, 1, 1));
    Ok(())
}

/// The log proved by somebody who trusts neither the operator nor its database, and a copy somebody changed.
async fn proof(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.title("The log is exported and verified with nothing but a public key");
    let keys = story.client.text("/.well-known/chandlery-log-keys").await?;
    let keys = PublicKeys::parse(&keys)?;
    let export = story.client.text("/v1/auditrecords/export?startDate=2020-01-24").await?;
    let report = verify_export(std::io::Cursor::new(export.clone()), &keys, &[])?;
    story.say(format!("{report}"));
    story.check("the chain and its signature are right", report.is_sound() && report.entries > 0);
    let forged = export.replacen("\"get_software_key\"", "\"access\"", 1);
    let report = verify_export(std::io::Cursor::new(forged), &keys, &[])?;
    story.say(format!("a copy with one word changed: {report}"));
    story.check("the change is found", matches!(report.finding, Some(Finding::Changed { .. })));
    Ok(())
}

/// What must not be possible.
async fn refusals(story: &mut Story<'_>, twin: &Twin) -> anyhow::Result<()> {
    story.title("What must not be possible is refused with a reason");
    let reservation =
        twin.products.iter().find(|product| product.kind == "reservation").context("no reservation")?;
    let blocked =
        twin.customers.iter().find(|customer| customer.country == "AD").context("no blocked market")?;
    let line = json!({ "offerId": reservation.catalog_item_id, "quantity": 1, "lineItemNumber": 0 });
    let path = format!("/v1/customers/{}/orders", blocked.id);
    let body = json!({ "billingCycle": "one_time", "lineItems": [line] });
    let (status, answer) = story.client.send(reqwest::Method::POST, &path, Some(body)).await?;
    story.say(text(&answer, "/description")?);
    let code = answer.pointer("/code").and_then(Value::as_u64);
    story.check("a reservation in Andorra: 400 and code 800070", status == 400 && code == Some(800_070));
    let foreign = twin
        .customers
        .iter()
        .find(|customer| customer.partner_id != twin.tenant)
        .context("no other partner")?;
    let (status, _) =
        story.client.send(reqwest::Method::GET, &format!("/v1/customers/{}", foreign.id), None).await?;
    story.check("another partner's customer is not found", status == 404);
    Ok(())
}
