//! `chandlery invoice bank`: what a bank says came in.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use chandlery_domain::bank::{BankRow, RowState, Unrecognised};
use chandlery_store::bank as rows_of_banks;

use super::At;
use super::billing::money;
use super::commands::{open, say};
use crate::app::Context;
use crate::app::bank::{self, Guess};
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::outside::bank_statement;

/// How many rows are looked at with one statement.
const AT_ONCE: usize = 500;
const WAITING: i64 = 500;

/// Reads a statement and enters what is recognised.
///
/// # Errors
/// When the file cannot be read, or the store says something.
pub async fn read(at: &At, file: &Path, dry: bool) -> anyhow::Result<u8> {
    let text = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let statement = bank_statement::read(&text).map_err(|why| anyhow::anyhow!("{} {why}", file.display()))?;
    let installation = open(at).await?;
    let rows = statement.rows.len();
    if dry {
        let read = installation.store.read(move |tx| {
            let own: Vec<&BankRow> = statement.rows.iter().collect();
            let mut guesses = Vec::new();
            for piece in own.chunks(AT_ONCE) {
                guesses.extend(bank::guesses(tx, piece)?);
            }
            Ok::<_, Error>((statement, guesses))
        });
        let (statement, guesses) = read.await?;
        for (row, guess) in statement.rows.iter().zip(&guesses) {
            said(row, guess);
        }
        say(format_args!(
            "{rows} rows came in, {} bookings are passed over. Nothing was changed.",
            statement.others
        ));
        return Ok(0);
    }
    let cx = Context::system(OPERATOR, installation.clock.now(), "command line");
    let inner = cx.clone();
    let taken = installation.store.write(cx.stamp(), move |tx| bank::keep(tx, &inner, &statement)).await?;
    say(format_args!(
        "{} new rows, {} read before, {} bookings passed over.",
        taken.fresh, taken.known, taken.others
    ));
    let (mut entered, mut left, mut after) = (0_u64, 0_u64, None);
    loop {
        let place = after.clone();
        let read = installation.store.read(move |tx| {
            let found = rows_of_banks::page(tx, RowState::Waiting, place.as_ref(), WAITING)?;
            let own: Vec<&BankRow> = found.iter().map(|own| &own.row).collect();
            let guesses = bank::guesses(tx, &own)?;
            Ok::<_, Error>((found, guesses))
        });
        let (found, guesses) = read.await?;
        let Some(last) = found.last() else { break };
        after = Some((last.row.received_on, last.row.reference.clone()));
        for (own, guess) in found.iter().zip(&guesses) {
            said(&own.row, guess);
            if !guess.is_clear() {
                left = left.saturating_add(1);
                continue;
            }
            let cx = Context::system(OPERATOR, installation.clock.now(), "command line");
            let (inner, reference) = (cx.clone(), own.row.reference.clone());
            let work =
                move |tx: &mut chandlery_store::Write<'_>| bank::enter_recognised(tx, &inner, &reference);
            match installation.store.write(cx.stamp(), work).await {
                Ok(()) => entered = entered.saturating_add(1),
                Err(error @ (Error::Invalid { .. } | Error::NotFound(_))) => {
                    say(format_args!("    left waiting: {error}"));
                    left = left.saturating_add(1);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    say(format_args!("{entered} payments entered, {left} rows wait in the console."));
    Ok(0)
}

/// Says what a row is and whose it may be.
fn said(row: &BankRow, guess: &Guess) {
    let (day, amount, currency) = (row.received_on, money(row.amount), row.amount.currency());
    let whose = match (&guess.whose, &guess.alike) {
        (Ok((partner, _)), None) => format!("partner {partner}"),
        (Ok((partner, _)), Some(before)) => format!("partner {partner}, entered before as {before}?"),
        (Err(Unrecognised::NamesNone), _) => "names no document".to_owned(),
        (Err(Unrecognised::NotThere(number)), _) => format!("names {number}, which is not there"),
        (Err(Unrecognised::Several), _) => "names documents of several partners".to_owned(),
        (Err(Unrecognised::NotAlone), _) => "may be the money of several, or came back".to_owned(),
        (Err(Unrecognised::OtherCurrency(number)), _) => format!("names {number} in another currency"),
    };
    say(format_args!("  {day} {amount} {currency}, {}: {whose}", row.payer));
}
