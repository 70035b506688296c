//! `chandlery invoice close`, `explain`, `reopen` and `vendor`: a month is closed.

use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use chandlery_domain::audit::Entry;
use chandlery_domain::close::{Difference, Gap, Sum};
use chandlery_domain::invoice::Month;
use chandlery_domain::money::{Currency, Money};
use chandlery_store::Write;
use chandlery_store::closing::{self, Key};

use super::At;
use super::billing::{money, told};
use super::commands::{open, progress, say};
use crate::app::{Context, close, vendor_bill};
use crate::error::Error;
use crate::installation::{Installation, OPERATOR};
use crate::jobs::month_close;

/// How many differences are listed at once.
const PAGE: i64 = 500;

async fn written<T: Send + 'static>(
    installation: &Installation,
    work: impl Fn(&mut Write<'_>, &Context) -> Result<(T, Entry), Error> + Send + 'static,
) -> Result<T, Error> {
    let cx = Context::system(OPERATOR, installation.clock.now(), "command line");
    let inner = cx.clone();
    installation.store.write(cx.stamp(), move |tx| work(tx, &inner)).await
}

fn number(own: i64, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => format!("{} {currency}", money(Money::new(own, currency))),
        None => own.to_string(),
    }
}

fn line(own: &Difference) -> String {
    let partner = own.partner.map(|id| format!(" of partner {id}")).unwrap_or_default();
    let numbers = match (own.expected, own.found) {
        (Some(expected), Some(found)) => {
            format!(
                ": there should be {}, there is {}",
                number(expected, own.currency),
                number(found, own.currency)
            )
        }
        (Some(kept), None) if own.gap == Gap::MoreThanKept => format!(": {kept}"),
        (Some(expected), None) => {
            format!(": there should be {}, there is nothing", number(expected, own.currency))
        }
        _ => String::new(),
    };
    let more = match own.gap {
        Gap::NotBilled if !own.detail.is_empty() => format!("; {}", told(&own.detail)),
        Gap::NotChargedThrough => format!(": charged through {}", own.detail),
        Gap::MoreThanKept => " are listed, there are more".to_owned(),
        _ if !own.detail.is_empty() => format!(" ({})", own.detail),
        _ => String::new(),
    };
    format!("  {} {}{partner}{numbers}{more}", own.gap, own.subject)
}

fn sum(name: &str, own: Sum) {
    say(format_args!("  {name}: {}, {} {}", own.count, money(own.amount), own.amount.currency()));
}

/// Compares a month and closes it where nothing is left to explain.
///
/// # Errors
/// When it cannot be compared; the store's own.
pub async fn close(at: &At, month: Month, dry: bool) -> anyhow::Result<u8> {
    let installation = open(at).await?;
    let bar = progress(0, "partners")?;
    let done = month_close::compare(&installation, month, &|count, all| {
        bar.set_length(all);
        bar.set_position(count);
    })
    .await;
    bar.finish_and_clear();
    done?;
    let read = installation
        .store
        .read(move |tx| Ok::<_, Error>((closing::find(tx, month)?, closing::open(tx, month)?)));
    let (own, left) = read.await?;
    for side in own.iter().flat_map(|own| &own.sides) {
        say(format_args!("{month} in {}:", side.currency()));
        sum("ordered lines", side.ordered);
        sum("charged for them", side.new);
        sum("further cycles and renewals", side.further);
        sum("given back", side.credited);
        say(format_args!("  documents: {}", side.documents));
        sum("charges on them", side.billed);
        sum("credits on them", side.billed_back);
    }
    let mut after = None::<Key>;
    loop {
        let place = after.clone();
        let read = installation
            .store
            .read(move |tx| Ok::<_, Error>(closing::page(tx, month, false, place.as_ref(), PAGE)?));
        let page = read.await?;
        let Some(last) = page.last() else { break };
        after = Some(Key { gap: last.own.gap, partner: last.own.partner, subject: last.own.subject.clone() });
        for own in &page {
            say(line(&own.own));
        }
    }
    if left > 0 {
        say(format_args!(
            "{left} differences are to be set right, or explained: `chandlery invoice explain`, or the console."
        ));
        return Ok(1);
    }
    if dry {
        say(format_args!("{month} can be closed; it was only compared."));
        return Ok(0);
    }
    written(&installation, move |tx, cx| close::close(tx, cx, month)).await?;
    say(format_args!("{month} is closed."));
    Ok(0)
}

/// Says why a difference is as it is, or takes that back.
///
/// # Errors
/// When there is no such difference, or the reason is none.
pub async fn explain(at: &At, month: Month, key: Key, reason: Option<String>) -> anyhow::Result<u8> {
    let installation = open(at).await?;
    let taken_back = reason.is_none();
    written(&installation, move |tx, cx| close::explain(tx, cx, month, &key, reason.as_deref())).await?;
    say(if taken_back { "The explanation is taken back." } else { "The explanation is kept." });
    Ok(0)
}

/// Opens a closed month again.
///
/// # Errors
/// When it is not closed, or the reason is none.
pub async fn reopen(at: &At, month: Month, reason: String) -> anyhow::Result<u8> {
    let installation = open(at).await?;
    written(&installation, move |tx, _| close::reopen(tx, month, &reason)).await?;
    say(format_args!("{month} is open again."));
    Ok(0)
}

/// Reads what a vendor bills for a month.
///
/// # Errors
/// When the file cannot be read, with its first wrong row.
pub async fn vendor(at: &At, month: Month, path: &Path) -> anyhow::Result<u8> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let rows = vendor_bill::read(file).map_err(|bad| anyhow::anyhow!("{}: {bad}", path.display()))?;
    let installation = open(at).await?;
    let lines: u64 = rows.iter().map(|own| own.lines).sum();
    let products = rows.len();
    let before = written(&installation, move |tx, _| close::keep_vendor(tx, month, &rows)).await?;
    if before > 0 {
        say(format_args!("{before} lines that were read of the same bill before are replaced."));
    }
    say(format_args!(
        "{lines} lines of {products} products are kept; `chandlery invoice close` compares them."
    ));
    Ok(0)
}
