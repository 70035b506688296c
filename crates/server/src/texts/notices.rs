//! What a notification says: one sentence each, for its page and its mail alike.

use chandlery_domain::money::Money;
use chandlery_domain::notice::Kind;
use jiff::Timestamp;

use super::{Reader, Value};

fn of<'a>(facts: &'a [(String, String)], name: &str) -> &'a str {
    facts.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
}

fn text(facts: &[(String, String)], name: &str) -> Value {
    of(facts, name).into()
}

/// A number, which chooses a plural.
fn count(facts: &[(String, String)], name: &str) -> Value {
    of(facts, name).parse::<i64>().unwrap_or(0).into()
}

/// The sentence of a notification.
pub fn sentence(reader: &Reader, kind: Kind, facts: &[(String, String)]) -> String {
    let bought = || {
        [
            ("customer", text(facts, "customer")),
            ("order", text(facts, "order")),
            ("product", text(facts, "product")),
        ]
    };
    match kind {
        Kind::OrderPlaced => reader.with("notice-order-placed", bought()),
        Kind::KeysWaiting => reader.with("notice-keys-waiting", bought()),
        Kind::OrderCancelled => reader.with("notice-order-cancelled", bought()),
        Kind::WindowClosing => {
            let closes = of(facts, "closes").parse::<Timestamp>();
            let closes = closes.map(|at| deadline(reader, at)).unwrap_or_default();
            let [customer, order, _] = bought();
            reader.with("notice-window-closing", [customer, order, ("closes", closes.into())])
        }
        Kind::RenewalFailed => {
            let day = |name| of(facts, name).parse().map(|day| reader.date(day)).unwrap_or_default();
            let over = if of(facts, "until").is_empty() { "yes" } else { "no" };
            let [customer, _, product] = bought();
            let (why, ended, until) = (text(facts, "why"), day("ended").into(), day("until").into());
            reader.with(
                "notice-renewal-failed",
                [customer, product, ("ended", ended), ("why", why), ("until", until), ("final", over.into())],
            )
        }
        Kind::InvoiceReady => {
            let month = of(facts, "month").parse().map(|day| reader.month(day)).unwrap_or_default();
            let id = match of(facts, "kind") {
                "credit_note" => "notice-credit-note-ready",
                _ => "notice-invoice-ready",
            };
            reader.t2(id, "number", text(facts, "number"), "month", month)
        }
        Kind::PaymentLate => {
            let day = of(facts, "due").parse().map(|day| reader.date(day)).unwrap_or_default();
            let open = of(facts, "open").parse().ok().zip(of(facts, "currency").parse().ok());
            let open =
                open.map(|(minor, currency)| reader.money(Money::new(minor, currency))).unwrap_or_default();
            let number = text(facts, "number");
            reader
                .with("notice-payment-late", [("number", number), ("due", day.into()), ("open", open.into())])
        }
        Kind::RequestAnswered => reader.t1("notice-request-answered", "title", text(facts, "title")),
        Kind::SignInNewPlace => {
            let browser = browser(reader, of(facts, "agent"));
            reader.t2("notice-sign-in-new-place", "address", text(facts, "address"), "browser", browser)
        }
        Kind::StockLow => reader.with(
            "notice-stock-low",
            [
                ("product", text(facts, "product")),
                ("version", text(facts, "version")),
                ("left", count(facts, "left")),
            ],
        ),
        Kind::RequestFiled => reader.t2(
            "notice-request-filed",
            "partner",
            text(facts, "partner"),
            "title",
            text(facts, "title"),
        ),
    }
}

/// A deadline as text: in UTC, where it counts, and in the reader's zone where that is another.
fn deadline(reader: &Reader, at: Timestamp) -> String {
    let (own, utc) = (reader.instant(at), reader.utc(at));
    if own == utc { utc } else { format!("{utc} ({own})") }
}

/// A browser and a system as people know them, from what the browser calls itself.
pub fn browser(reader: &Reader, agent: &str) -> String {
    let find = |list: &[(&str, &'static str)]| {
        list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = find(&[
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => {
            reader.t2("security-browser-on", "browser", browser, "system", system)
        }
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => reader.t("security-browser-unknown"),
    }
}
