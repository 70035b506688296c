//! The cart somebody fills for a customer: changed, reviewed with the cancellation terms of each line, bought.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::{Term, utc_date};
use chandlery_domain::cart::{Buyer, Cart, Wanted};
use chandlery_domain::catalog::Family;
use chandlery_domain::ids::{CartId, CatalogItemId};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::order::Order;
use chandlery_domain::policy::{Credit, PolicyBook};
use chandlery_domain::refusal::Refusal;
use chandlery_store::{Write, carts as stored, customers, orders};
use jiff::Timestamp;

use super::customer::brief;
use super::fields::Fields;
use super::product_pages::{Bought, CartLine, CartPage};
use super::products::{tax_sentence, way_label, way_word};
use super::ward::{Head, Ward, found, read_param, ward};
use super::{Asked, cart_seen, failed, page, policies};
use crate::app::Context;
use crate::app::carts::{self, PricedCart};
use crate::app::check_out::check_out;
use crate::error::{Error, Missing};
use crate::texts::{self, Complaint, Html, Reader};

/// How long a customer's own number for a purchase may be.
const PO_LETTERS: usize = 50;

/// What is said of a family that has no window at all.
pub(super) const fn without_window(family: Family) -> &'static str {
    if matches!(family, Family::LinuxPlan) { "terms-never" } else { "terms-request" }
}

/// How a line could be given back if it were bought now, in plain words (rules 7.1 and 7.6).
fn terms_of(reader: &Reader, book: &PolicyBook, family: Family, now: Timestamp) -> Result<Html, Error> {
    let Some(rule) = book.cancellation(family, utc_date(now)) else {
        return Ok(reader.html(without_window(family)));
    };
    let until = reader.deadline(rule.window.closes_at(now).map_err(Refusal::from)?);
    Ok(match rule.credit {
        Credit::Full => reader.html_of("terms-full", "until", &until),
        Credit::Prorated { .. } => reader.html_of("terms-prorated", "until", &until),
    })
}

/// The cart somebody is filling, priced.
struct Filled {
    buyer: Buyer,
    cart: Option<PricedCart>,
    /// The cart's revision: what a form saw, and nothing newer, is what it changes or buys.
    revision: i64,
    book: Arc<PolicyBook>,
}

async fn filled(ward: &Ward) -> Result<Filled, Error> {
    let (now, by) = (ward.cx.now, ward.cx.actor_uuid());
    let read = ward.read(move |tx, scope, customer| {
        let buyer = customers::buyer(tx, scope, customer)?.ok_or(Error::NotFound(Missing::Customer))?;
        let found = stored::being_filled(tx, scope, customer, by, now)?;
        let revision = found.as_ref().map_or(0, |(_, revision)| *revision);
        let cart = found.map(|(cart, _)| carts::price(tx, scope, &buyer, cart, now)).transpose()?;
        Ok((buyer, cart, revision))
    });
    let (buyer, cart, revision) = read.await?;
    Ok(Filled { buyer, cart, revision, book: policies::in_force(&ward.api).await? })
}

/// Adds an amount to the sum of its currency.
fn add_up(totals: &mut BTreeMap<String, Money>, amount: Money) -> Result<(), Error> {
    let currency: Currency = amount.currency();
    let sum = totals.entry(currency.to_string()).or_insert_with(|| Money::zero(currency));
    *sum = sum.plus(amount).map_err(Refusal::from)?;
    Ok(())
}

/// The sums as the form of the review carries them.
fn written(totals: &BTreeMap<String, Money>) -> String {
    let list: Vec<String> =
        totals.iter().map(|(currency, amount)| format!("{currency} {}", amount.minor())).collect();
    list.join(", ")
}

fn cart_line(
    reader: &Reader,
    own: &Filled,
    (wanted, offer): (&Wanted, &Result<chandlery_domain::catalog::Offer, Refusal>),
    now: Timestamp,
    totals: &mut BTreeMap<String, Money>,
) -> Result<CartLine, Error> {
    let own_term = wanted.term.unwrap_or(Term::OneTime);
    let (term, way) = (way_label(reader, own_term, wanted.cycle), way_word(own_term, wanted.cycle));
    let bare = CartLine {
        number: wanted.number,
        item: wanted.item.to_string(),
        title: wanted.item.to_string(),
        way,
        term,
        quantity: wanted.quantity,
        bounds: (1, 999_999_999),
        price: String::new(),
        unit: String::new(),
        amount: String::new(),
        tax: String::new(),
        terms: Html::escaped(""),
        why_not: None,
        never_back: false,
    };
    let offer = match offer {
        Ok(offer) => offer,
        Err(refusal) => return Ok(CartLine { why_not: Some(texts::refusal(reader, refusal)), ..bare }),
    };
    let amount = offer.unit_price.extended(wanted.quantity).map_err(Refusal::from)?;
    add_up(totals, amount)?;
    Ok(CartLine {
        title: offer.title.clone(),
        term: way_label(reader, offer.term, offer.plan),
        bounds: (offer.minimum_quantity, offer.maximum_quantity),
        price: format!("{} {}", offer.unit_price.currency(), offer.unit_price.value()),
        unit: reader.unit_price(offer.unit_price),
        amount: reader.money(amount),
        tax: tax_sentence(reader, &own.buyer, offer.family),
        terms: terms_of(reader, &own.book, offer.family, now)?,
        never_back: offer.family == Family::LinuxPlan,
        ..bare
    })
}

/// What the review says beside the cart.
#[derive(Default)]
pub(super) struct Said {
    message: Option<String>,
    error: Option<String>,
    /// Whether what the form saw and the cart as it is now are laid side by side.
    compares: bool,
    /// The agreement's form as it was filled in.
    agreement: Fields,
}

impl Said {
    /// Something went wrong, with this text.
    fn error(ward: &Ward, id: &str) -> Self {
        Self { error: Some(ward.reader.t(id)), ..Self::default() }
    }

    /// The cart is not what the form saw.
    fn stale(ward: &Ward, id: &str) -> Self {
        Self { compares: true, ..Self::error(ward, id) }
    }

    /// Something is wrong with the agreement's form.
    pub(super) fn agreement(agreement: Fields) -> Self {
        Self { agreement, ..Self::default() }
    }
}

pub(super) async fn review(ward: &Ward, said: Said) -> Response {
    let Said { message, error, compares, agreement } = said;
    let wrong = !agreement.is_right();
    let own = match filled(ward).await {
        Ok(own) => own,
        Err(error) => return failed(&ward.api, &error),
    };
    let (reader, now) = (&ward.reader, ward.cx.now);
    let mut totals = BTreeMap::new();
    let lines = match &own.cart {
        None => Ok(Vec::new()),
        Some(cart) => cart
            .cart
            .lines
            .iter()
            .zip(&cart.lines)
            .map(|pair| cart_line(reader, &own, pair, now, &mut totals))
            .collect::<Result<Vec<_>, Error>>(),
    };
    let lines = match lines {
        Ok(lines) => lines,
        Err(error) => return failed(&ward.api, &error),
    };
    let agreed = own.buyer.agreed;
    let attest = (!agreed && ward.may(Action::AttestAgreement)).then_some(agreement);
    let po_number = own.cart.as_ref().and_then(|own| own.cart.po_number.clone()).unwrap_or_default();
    let differences = if compares {
        cart_seen::differences(reader, &ward.form, &lines, (&po_number, "cart-po-number"))
    } else {
        Vec::new()
    };
    let body = CartPage {
        frame: ward.frame(),
        head: Head::new(ward, &own.buyer.customer, "/products"),
        cart: own.cart.as_ref().map(|own| own.cart.id.to_string()),
        seen: own.revision.to_string(),
        ready: agreed && !lines.is_empty() && lines.iter().all(|own| own.why_not.is_none()),
        never_back: lines.iter().any(|own| own.never_back),
        lines,
        bought_for: written(&totals),
        totals: totals.into_values().map(|own| reader.money(own)).collect(),
        po_number,
        attest,
        agreed,
        today: utc_date(now).to_string(),
        message,
        error,
        differences,
    };
    let status = match (body.error.is_some(), wrong) {
        (true, _) => StatusCode::CONFLICT,
        (false, true) => StatusCode::UNPROCESSABLE_ENTITY,
        (false, false) => StatusCode::OK,
    };
    page(&ward.api, status, &body)
}

/// `GET /customers/{customer}/cart`.
pub(super) async fn show(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::FillCart, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let message = (ward.form.text("done") == "saved").then(|| ward.reader.t("cart-saved"));
    review(&ward, Said { message, ..Said::default() }).await
}

/// What was typed into the cart's form, put on its lines; none when a quantity cannot be read.
fn typed(ward: &Ward, cart: &Cart) -> Option<Vec<Wanted>> {
    let removed: Option<u32> = ward.form.text("remove").parse().ok();
    let mut lines = Vec::new();
    for line in cart.lines.iter().filter(|line| Some(line.number) != removed) {
        let text = ward.form.text(&format!("quantity-{}", line.number)).trim();
        let quantity = match text {
            "" => line.quantity,
            text => text.parse().ok().filter(|own| *own > 0)?,
        };
        lines.push(Wanted { quantity, ..line.clone() });
    }
    Some((0..).zip(lines).map(|(number, line)| Wanted { number, ..line }).collect())
}

/// Puts what was typed on the cart that the form names, if it is still as the form saw it.
enum Kept {
    /// Nothing had to be changed but perhaps the purchase order number; the cart has this revision now.
    Same(CartId, i64),
    /// Quantities were changed.
    Changed,
    /// The cart is another by now.
    Stale,
    /// A quantity cannot be read, or the number is too long.
    Unreadable,
}

async fn keep(ward: &Ward) -> Result<Kept, Error> {
    let Filled { cart, revision, .. } = filled(ward).await?;
    let Some(PricedCart { cart, .. }) = cart else { return Ok(Kept::Stale) };
    if cart.id.to_string() != ward.form.text("cart") || revision.to_string() != ward.form.text("seen") {
        return Ok(Kept::Stale);
    }
    let po_number = ward.form.text("po_number").trim().to_owned();
    let too_long = po_number.chars().count() > PO_LETTERS || po_number.chars().any(char::is_control);
    let Some(lines) = typed(ward, &cart).filter(|_| !too_long) else { return Ok(Kept::Unreadable) };
    let (same_lines, same_number) =
        (lines == cart.lines, po_number == cart.po_number.clone().unwrap_or_default());
    if same_lines && same_number {
        return Ok(Kept::Same(cart.id, revision));
    }
    let (scope, customer, id) = (ward.scope, ward.customer, cart.id);
    let attempted = Entry::did(Operation::UpdateCart, Resource::Cart, id);
    let updated = ward
        .act(attempted, move |tx, cx| {
            carts::update_seen(tx, cx, &scope, (customer, id, revision), &lines, Some(&po_number))
        })
        .await;
    match updated {
        Err(Error::Refused(Refusal::StaleEtag)) => return Ok(Kept::Stale),
        other => other?,
    };
    Ok(if same_lines { Kept::Same(id, revision.saturating_add(1)) } else { Kept::Changed })
}

/// `POST /customers/{customer}/cart`.
pub(super) async fn save(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::FillCart, &back_to_cart(&path)).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    match keep(&ward).await {
        Ok(Kept::Same(..) | Kept::Changed) => Redirect::to(&ward.at("/cart?done=saved")).into_response(),
        Ok(Kept::Stale) => review(&ward, Said::stale(&ward, "cart-stale")).await,
        Ok(Kept::Unreadable) => review(&ward, Said::error(&ward, "cart-unreadable")).await,
        Err(error) => failed(&ward.api, &error),
    }
}

/// The cart's page, for whoever has to sign in first.
pub(super) fn back_to_cart(path: &[(String, String)]) -> String {
    format!("/customers/{}/cart", super::ward::param(path, "customer").unwrap_or_default())
}

/// The way to what a cart became, if it became anything.
async fn already_bought(ward: &Ward, cart: Option<CartId>) -> Option<Response> {
    let cart = cart?;
    let bought = ward.read(move |tx, scope, _| Ok(orders::of_cart(tx, scope, cart)?)).await.ok()?;
    (!bought.is_empty()).then(|| Redirect::to(&ward.at(&format!("/cart/{cart}"))).into_response())
}

/// `POST /customers/{customer}/cart/buy`: buys what the page showed, once, however often it is sent.
pub(super) async fn buy(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::FillCart, &back_to_cart(&path)).await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    // Sent again after it was bought: that cart is spent, and what it became is the answer.
    let named: Option<CartId> = ward.form.text("cart").parse().ok();
    if let Some(response) = already_bought(&ward, named).await {
        return response;
    }
    let (cart, revision) = match keep(&ward).await {
        Ok(Kept::Same(cart, revision)) => (cart, revision),
        Ok(Kept::Changed) => return review(&ward, Said::error(&ward, "cart-changed")).await,
        // Bought in this moment by the same form, pressed twice, or changed by another.
        Ok(Kept::Stale) => {
            return match already_bought(&ward, named).await {
                Some(response) => response,
                None => review(&ward, Said::stale(&ward, "cart-stale")).await,
            };
        }
        Ok(Kept::Unreadable) => return review(&ward, Said::error(&ward, "cart-unreadable")).await,
        Err(error) => return failed(&ward.api, &error),
    };
    let (scope, customer, cx) = (ward.scope, ward.customer, ward.cx.anew());
    let attempted = Entry::did(Operation::CreateOrder, Resource::Cart, cart);
    let (shown, acknowledged) =
        (ward.form.text("totals").to_owned(), ward.form.text("acknowledged") == "yes");
    let buying = move |tx: &mut Write<'_>, cx: &Context| {
        // What is bought is what the page showed: these lines, at these prices.
        let found = stored::find(tx, &scope, customer, cart)?;
        if found.is_some_and(|(own, now)| !own.ordered && now != revision) {
            return Err(Error::Refused(Refusal::StaleEtag));
        }
        let (groups, entry) = check_out(tx, cx, &scope, customer, cart)?;
        let mut totals = BTreeMap::new();
        for (order, _) in groups.iter().filter_map(|group| group.outcome.as_ref().ok()) {
            add_up(&mut totals, order.total()?)?;
        }
        if written(&totals) != shown {
            return Err(Error::Refused(Refusal::StaleEtag));
        }
        // What can never be given back is bought by whoever said to know that, and the log says so (rule 2.7).
        let mut lines =
            groups.iter().filter_map(|group| group.outcome.as_ref().ok()).flat_map(|(order, _)| &order.lines);
        if !lines.any(|line| line.family == Family::LinuxPlan) {
            return Ok(((), entry));
        }
        if !acknowledged {
            return Err(Error::complaint("acknowledged", Complaint::of("complaint-never-back")));
        }
        let mut entry = entry;
        entry.after.push(Fact::new("acknowledged", "no_cancellation"));
        Ok(((), entry))
    };
    let done = super::ward::act(&ward.api, &cx, attempted, buying).await;
    match done {
        Ok(_) | Err(Error::AnsweredBefore) => {
            ward.api.work.notify_one();
            Redirect::to(&ward.at(&format!("/cart/{cart}"))).into_response()
        }
        Err(Error::Refused(Refusal::StaleEtag)) => {
            review(&ward, Said::stale(&ward, "cart-prices-changed")).await
        }
        Err(Error::Refused(refusal)) => {
            let error = Some(texts::refusal(&ward.reader, &refusal));
            review(&ward, Said { error, ..Said::default() }).await
        }
        Err(Error::Invalid { field, message }) => {
            let error = Some(texts::invalid(&ward.reader, &field, &message));
            review(&ward, Said { error, ..Said::default() }).await
        }
        Err(error) => failed(&ward.api, &error),
    }
}

/// The lines of a cart that no order holds, as people read them.
fn missing(reader: &Reader, cart: &PricedCart, bought: &[Order]) -> Vec<String> {
    let mut ordered: Vec<(&CatalogItemId, Term, u32)> = bought
        .iter()
        .flat_map(|order| order.lines.iter().map(|line| (&line.item, line.term, line.quantity)))
        .collect();
    let mut missing = Vec::new();
    for (line, offer) in cart.cart.lines.iter().zip(&cart.lines) {
        let at = ordered.iter().position(|own| {
            *own.0 == line.item && line.term.is_none_or(|term| term == own.1) && own.2 == line.quantity
        });
        match at {
            Some(at) => {
                ordered.swap_remove(at);
            }
            None => missing.push(match offer {
                Ok(offer) => offer.title.clone(),
                Err(refusal) => texts::refusal(reader, refusal),
            }),
        }
    }
    missing
}

/// `GET /customers/{customer}/cart/{cart}`: what a cart became.
pub(super) async fn bought(Path(path): Path<Vec<(String, String)>>, asked: Asked) -> Response {
    let ward = match ward(&path, asked, Action::FillCart, "/customers").await {
        Ok(ward) => ward,
        Err(response) => return response,
    };
    let cart: CartId = match read_param(&path, "cart", Missing::Cart) {
        Ok(cart) => cart,
        Err(error) => return failed(&ward.api, &error),
    };
    let cx = ward.cx.clone();
    let read = ward
        .read(move |tx, scope, customer| {
            let own = found(tx, scope, customer)?;
            let cart = carts::find(tx, &cx, scope, (customer, cart))?;
            let bought = orders::of_cart(tx, scope, cart.cart.id)?;
            Ok((own, cart, bought))
        })
        .await;
    let (own, cart, bought) = match read {
        Ok(read) => read,
        Err(error) => return failed(&ward.api, &error),
    };
    if bought.is_empty() {
        return Redirect::to(&ward.at("/cart")).into_response();
    }
    let base = ward.at("");
    let body = Bought {
        frame: ward.frame(),
        head: Head::new(&ward, &own, "/products"),
        orders: bought.iter().map(|order| brief(&ward.reader, &base, order)).collect(),
        missing: missing(&ward.reader, &cart, &bought),
    };
    page(&ward.api, StatusCode::OK, &body)
}
