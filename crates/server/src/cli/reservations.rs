//! The operator's commands for Azure reservations: what their SKUs are for, and how much may be given back.

use std::path::PathBuf;

use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::money::Currency;
use chandlery_store::{Write, reservation_skus};
use clap::Subcommand;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::At;
use super::benefit::{opened, wrong};
use super::commands::{open, say};
use crate::app::{Context, give_back};
use crate::error::Error;
use crate::installation::OPERATOR;

/// What can be done with the tables of reservations.
#[derive(Debug, Subcommand)]
pub enum Reservations {
    /// Say what the SKUs of reservations are for, in place of what was said before: a CSV file with the columns product_id, sku_id
    /// and type, and where wanted region and size.
    Skus {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The CSV file.
        file: PathBuf,
    },
    /// Say how much may come back to one customer in a currency, before any fee.
    Cap {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The currency, such as EUR.
        currency: Currency,
        /// How much, such as 45000.
        most: Decimal,
        /// The first day it holds for; today where it is left out.
        #[arg(long)]
        from: Option<Date>,
        /// In how many months that follow each other.
        #[arg(long, default_value_t = 12)]
        months: u16,
    },
}

/// Runs a command; the number is the exit code.
///
/// # Errors
/// When it could not be done; the text says what to do.
pub async fn run(what: Reservations) -> anyhow::Result<u8> {
    match what {
        Reservations::Skus { at, file } => {
            let list = give_back::skus(opened(&file)?).map_err(|error| wrong(&file, &error))?;
            let count = list.len();
            let name = file.file_name().map(|own| own.to_string_lossy().into_owned()).unwrap_or_default();
            let facts = vec![Fact::new("file", name), Fact::new("lines", count)];
            let installation = open(&at).await?;
            let cx = Context::system(OPERATOR, installation.clock.now(), "command line");
            let entry =
                Entry::did(Operation::ChangeReservationTables, Resource::Installation, "reservations");
            let entry = entry.with(facts);
            let work = move |tx: &mut Write<'_>| {
                reservation_skus::replace(tx, &list)?;
                Ok::<_, Error>(((), entry.clone()))
            };
            installation.store.write(cx.stamp(), work).await?;
            say(format_args!("{count} SKUs of reservations."));
        }
        Reservations::Cap { at, currency, most, from, months } => {
            let installation = open(&at).await?;
            let cx = Context::system(OPERATOR, installation.clock.now(), "command line");
            let from = from.unwrap_or_else(|| utc_date(cx.now));
            let inner = cx.clone();
            let work =
                move |tx: &mut Write<'_>| give_back::set_cap(tx, &inner, (currency, most), (from, months));
            installation.store.write(cx.stamp(), work).await?;
            say(format_args!("{currency} {most} in {months} months, from {from}."));
        }
    }
    Ok(0)
}
