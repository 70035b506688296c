//! The operator's commands for invoices and tax.

use std::fs::File;
use std::path::PathBuf;

use anyhow::Context as _;
use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Fact, Operation, Resource};
use chandlery_domain::calendar::utc_date;
use chandlery_domain::close::Gap;
use chandlery_domain::ids::PartnerId;
use chandlery_domain::invoice::{DocumentNumber, Month, Party};
use chandlery_domain::money::{Currency, Money};
use chandlery_domain::payment::{Payment, Source};
use chandlery_store::closing::Key;
use chandlery_store::{invoices, payments as stored, tax};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::commands::{open, progress, say};
use super::{At, bank, close};
use crate::app::Context;
use crate::app::billing_party::{self, Faults, Typed};
use crate::app::payments;
use crate::error::Error;
use crate::installation::OPERATOR;
use crate::jobs::invoice_run;
use crate::seeds;

/// How many that are held back are listed.
const LISTED: i64 = 1000;

/// What can be done with invoices.
#[derive(Debug, Subcommand)]
pub enum Billing {
    /// Bill every partner for a month. Run again it issues what is left, and nothing twice.
    Run {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The month, such as 2026-10.
        #[arg(long)]
        period: Month,
        /// Only say what would be issued.
        #[arg(long)]
        dry_run: bool,
    },
    /// Say who sends the invoices.
    Seller {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Who it is.
        #[command(flatten)]
        party: Box<PartyArgs>,
    },
    /// Say who a partner is on its invoices and for tax.
    Profile {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The partner.
        #[arg(long)]
        partner: PartnerId,
        /// From which day on; the first that is said of a partner counts from the beginning, what is said later from the
        /// first day of the next month unless given.
        #[arg(long)]
        from: Option<Date>,
        /// Who it is.
        #[command(flatten)]
        party: Box<PartyArgs>,
        /// The number of a certificate that frees it from tax.
        #[arg(long, requires = "exempt_until")]
        exempt_number: Option<String>,
        /// The certificate's last day.
        #[arg(long, requires = "exempt_number")]
        exempt_until: Option<Date>,
    },
    /// Put rates of tax in place of those there are, from a CSV file with the columns country, region, name, percent,
    /// effective_from and effective_to.
    Rates {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The CSV file.
        file: PathBuf,
    },
    /// Say that earlier months were billed elsewhere: the first month that is billed here.
    Begin {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The month, such as 2026-10.
        #[arg(long)]
        period: Month,
    },
    /// Say how much a partner may owe in a currency, billed or not. What exceeds it is not bought; renewals go on.
    Limit {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The partner.
        #[arg(long)]
        partner: PartnerId,
        /// In which currency.
        #[arg(long)]
        currency: Currency,
        /// How much, such as 50000; without it there is no limit any more.
        #[arg(long)]
        amount: Option<Decimal>,
    },
    /// Say after how many days that an invoice is late its partner may not buy any more. What runs goes on, and renews.
    Late {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The partner.
        #[arg(long)]
        partner: PartnerId,
        /// How many days; without it the partner may buy all the same.
        #[arg(long)]
        days: Option<u32>,
    },
    /// Enter a payment: it is put on the documents it names, then on those due earliest; what is left waits for others.
    Paid {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Who paid.
        #[arg(long)]
        partner: PartnerId,
        /// How much, such as 1499.95.
        #[arg(long)]
        amount: Decimal,
        /// In which currency.
        #[arg(long)]
        currency: Currency,
        /// On which day it was received.
        #[arg(long)]
        on: Date,
        /// What names it once, such as the bank's reference.
        #[arg(long)]
        reference: String,
        /// A document it is meant for. May be given several times.
        #[arg(long = "for", value_name = "NUMBER")]
        meant_for: Vec<DocumentNumber>,
    },
    /// Read a bank's statement (camt.053): what names a document of one partner's is entered as its payment, the rest waits in the
    /// console, *Payments*. What was read before is not taken again.
    Bank {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The statement.
        file: PathBuf,
        /// Only say what is in it.
        #[arg(long)]
        dry_run: bool,
    },
    /// Close a month: what was ordered, charged, billed and handed over is compared, and the month is closed when nobody is left to
    /// explain a difference. Nothing more is billed in it then.
    Close {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The month, such as 2026-10.
        #[arg(long)]
        period: Month,
        /// Only compare.
        #[arg(long)]
        dry_run: bool,
    },
    /// Say why a difference of a month is as it is, as `close` lists it.
    Explain {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The month, such as 2026-10.
        #[arg(long)]
        period: Month,
        /// The difference, such as not_billed.
        #[arg(long)]
        gap: Gap,
        /// Whose it is; left out for the vendor's.
        #[arg(long)]
        partner: Option<PartnerId>,
        /// What of, such as EUR.
        #[arg(long)]
        subject: String,
        /// Why. Without it an explanation is taken back.
        #[arg(long)]
        reason: Option<String>,
    },
    /// Open a closed month again.
    Reopen {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The month, such as 2026-10.
        #[arg(long)]
        period: Month,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Read what a vendor bills for a month (its reconciliation file, CSV), to be compared when the month is closed.
    Vendor {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The month, such as 2026-10.
        #[arg(long)]
        period: Month,
        /// The file.
        file: PathBuf,
    },
    /// Take back a payment that was entered wrongly: what it settled is open again.
    Unpaid {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// Who was said to have paid.
        #[arg(long)]
        partner: PartnerId,
        /// Its reference.
        #[arg(long)]
        reference: String,
    },
    /// List a partner's payments and what is open.
    Account {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
        /// The partner.
        #[arg(long)]
        partner: PartnerId,
    },
    /// List who is held back, and why.
    Held {
        /// Where the installation lives.
        #[command(flatten)]
        at: At,
    },
}

/// Somebody on a document.
#[derive(Debug, Args)]
pub struct PartyArgs {
    /// The name it does business under.
    #[arg(long)]
    name: String,
    /// Street and number. May be given twice.
    #[arg(long = "line", required = true)]
    lines: Vec<String>,
    /// The city.
    #[arg(long)]
    city: String,
    /// The postal code.
    #[arg(long, default_value = "")]
    postal_code: String,
    /// The country, as two letters.
    #[arg(long)]
    country: String,
    /// The state or province as ISO 3166-2 has it, such as CA-QC, where tax differs by it.
    #[arg(long)]
    region: Option<String>,
    /// The tax id; in the European Union the VAT number with its prefix.
    #[arg(long)]
    tax_id: Option<String>,
    /// Where documents and questions are sent.
    #[arg(long, default_value = "")]
    email: String,
    /// A person or a department to ask for.
    #[arg(long)]
    contact: Option<String>,
    /// A telephone number.
    #[arg(long)]
    phone: Option<String>,
    /// The number in a register of companies.
    #[arg(long)]
    registration: Option<String>,
    /// What a buyer wants to find its invoices by; of a public buyer in Germany the Leitweg-ID.
    #[arg(long)]
    reference: Option<String>,
    /// The address in a network of electronic invoices, such as 0088:4012345000009.
    #[arg(long)]
    electronic_address: Option<String>,
    /// The account to pay into: its IBAN.
    #[arg(long)]
    iban: Option<String>,
    /// The BIC of its bank.
    #[arg(long, requires = "iban")]
    bic: Option<String>,
}

impl PartyArgs {
    fn party(self) -> anyhow::Result<Party> {
        let or_none = Option::unwrap_or_default;
        let typed = Typed {
            name: self.name,
            lines: self.lines,
            city: self.city,
            postal_code: self.postal_code,
            country: self.country,
            region: or_none(self.region),
            tax_id: or_none(self.tax_id),
            email: self.email,
            contact: or_none(self.contact),
            phone: or_none(self.phone),
            registration: or_none(self.registration),
            reference: or_none(self.reference),
            electronic_address: or_none(self.electronic_address),
            iban: or_none(self.iban),
            bic: or_none(self.bic),
        };
        billing_party::party(&typed).map_err(|Faults(wrong)| {
            let each = wrong.iter().map(|(field, why)| format!("--{} {why}", field.replace('_', "-")));
            anyhow::anyhow!("{}", each.collect::<Vec<_>>().join("\n"))
        })
    }
}

/// Runs a command; the number is the exit code.
///
/// # Errors
/// When it could not be done; the text says what to do.
pub async fn run(what: Billing) -> anyhow::Result<u8> {
    match what {
        Billing::Run { at, period, dry_run } => bill(&at, period, dry_run).await,
        Billing::Seller { at, party } => {
            let party = party.party()?;
            changed(&at, OPERATOR, "seller", move |tx, _| Ok(tax::set_seller(tx, &party)?)).await?;
            say("Invoices are sent in this name from now on.");
            Ok(0)
        }
        Billing::Profile { at, partner, from, party, exempt_number, exempt_until } => {
            let mut party = party.party()?;
            party.place.exempt = exempt_number.zip(exempt_until);
            profile(&at, partner, from, party).await
        }
        Billing::Rates { at, file } => {
            let input = File::open(&file).with_context(|| format!("{}", file.display()))?;
            let rates = seeds::read_tax_rates(input)
                .map_err(|error| anyhow::anyhow!("{}: {error}", file.display()))?;
            let count = rates.len();
            changed(&at, OPERATOR, "rates", move |tx, _| Ok(tax::replace_rates(tx, &rates)?)).await?;
            say(format_args!("{count} rates of tax."));
            Ok(0)
        }
        Billing::Begin { at, period } => {
            let (from, _) = period.stretch().map_err(Error::internal)?;
            changed(&at, OPERATOR, "begin", move |tx, _| Ok(invoices::begin_billing(tx, from)?)).await?;
            say(format_args!("Charges from {period} on are billed here."));
            Ok(0)
        }
        Billing::Held { at } => held(&at).await,
        Billing::Paid { at, partner, amount, currency, on, reference, meant_for } => {
            let exact = Money::exact(amount, currency).with_context(|| {
                format!("--amount: {currency} has {} digits after the point", currency.exponent())
            })?;
            let payment = Payment { reference, amount: exact, received_on: on };
            paid(&at, partner, payment, meant_for).await
        }
        Billing::Limit { at, partner, currency, amount } => {
            let limit = amount
                .map(|own| {
                    Money::exact(own, currency).filter(|own| own.minor() >= 0).with_context(|| {
                        format!("--amount: 0 or more, with {} digits after the point", currency.exponent())
                    })
                })
                .transpose()?;
            with_entry(&at, partner, move |tx, _| payments::limit(tx, partner, (currency, limit))).await?;
            say(match limit {
                Some(limit) => format!("The partner may owe {} {currency}.", money(limit)),
                None => format!("The partner has no limit in {currency}."),
            });
            Ok(0)
        }
        Billing::Late { at, partner, days } => {
            with_entry(&at, partner, move |tx, _| payments::late_after(tx, partner, days)).await?;
            say(match days {
                Some(days) => {
                    format!("The partner may not buy while an invoice is late for more than {days} days.")
                }
                None => "The partner may buy while invoices are late.".to_owned(),
            });
            Ok(0)
        }
        Billing::Unpaid { at, partner, reference } => {
            with_entry(&at, partner, move |tx, cx| {
                let scope = cx.authorize(Action::ManageBilling)?;
                payments::take_back(tx, cx, &scope, &reference)
            })
            .await?;
            say("The payment is taken back.");
            Ok(0)
        }
        Billing::Close { at, period, dry_run } => close::close(&at, period, dry_run).await,
        Billing::Explain { at, period, gap, partner, subject, reason } => {
            close::explain(&at, period, Key { gap, partner, subject }, reason).await
        }
        Billing::Reopen { at, period, reason } => close::reopen(&at, period, reason).await,
        Billing::Vendor { at, period, file } => close::vendor(&at, period, &file).await,
        Billing::Bank { at, file, dry_run } => bank::read(&at, &file, dry_run).await,
        Billing::Account { at, partner } => account(&at, partner).await,
    }
}

/// Does something that stands in the partner's log.
async fn with_entry<T: Send + 'static>(
    at: &At,
    partner: PartnerId,
    work: impl Fn(&mut chandlery_store::Write<'_>, &Context) -> Result<(T, Entry), Error> + Send + 'static,
) -> anyhow::Result<T> {
    let installation = open(at).await?;
    let cx = Context::system(partner, installation.clock.now(), "command line");
    let inner = cx.clone();
    Ok(installation.store.write(cx.stamp(), move |tx| work(tx, &inner)).await?)
}

async fn paid(
    at: &At,
    partner: PartnerId,
    payment: Payment,
    meant_for: Vec<DocumentNumber>,
) -> anyhow::Result<u8> {
    let whole = payment.amount;
    let reference = payment.reference.clone();
    let settled = with_entry(at, partner, move |tx, cx| {
        let scope = cx.authorize(Action::ManageBilling)?;
        payments::enter(tx, cx, &scope, &payment, &meant_for)
    })
    .await?;
    let mut left = whole;
    for own in settled.iter().filter(|own| own.source == Source::Payment(reference.clone())) {
        say(format_args!("  {} {} on {}", money(own.amount), own.amount.currency(), own.number));
        left = left.plus(own.amount.negated().map_err(Error::internal)?).map_err(Error::internal)?;
    }
    if left.minor() > 0 {
        say(format_args!("  {} {} wait for documents to come", money(left), left.currency()));
    }
    Ok(0)
}

async fn account(at: &At, partner: PartnerId) -> anyhow::Result<u8> {
    let installation = open(at).await?;
    let cx = Context::system(partner, installation.clock.now(), "command line");
    let scope = cx.authorize(Action::ManageBilling)?;
    let read = installation.store.read(move |tx| {
        let list = stored::list(tx, &scope, LISTED)?;
        Ok::<_, Error>((list, stored::owed(tx, &scope, None)?))
    });
    let (list, owed) = read.await?;
    let today = utc_date(cx.now);
    for own in &owed {
        let late = if own.is_overdue(today) { ", overdue" } else { "" };
        let (open, currency) = (money(own.open), own.open.currency());
        say(format_args!("open: {} {open} {currency}, due {}{late}", own.number, own.due_on));
    }
    for own in &list {
        let (payment, used) = (&own.payment, money(own.used));
        let undone = if own.undone_at.is_some() { ", taken back" } else { "" };
        let (amount, currency) = (money(payment.amount), payment.amount.currency());
        say(format_args!(
            "paid: {} {amount} {currency} ({}), {used} of it on documents{undone}",
            payment.received_on, payment.reference
        ));
    }
    Ok(0)
}

/// Changes something about tax, with its entry in the log.
async fn changed(
    at: &At,
    partner: PartnerId,
    what: &'static str,
    work: impl Fn(&mut chandlery_store::Write<'_>, &Context) -> Result<(), Error> + Send + 'static,
) -> anyhow::Result<()> {
    let installation = open(at).await?;
    let cx = Context::system(partner, installation.clock.now(), "command line");
    let inner = cx.clone();
    let done = installation.store.write(cx.stamp(), move |tx| {
        work(tx, &inner)?;
        let entry = Entry::did(Operation::ChangeTax, Resource::Partner, partner);
        Ok::<_, Error>(((), entry.with(vec![Fact::new("tax_change", what)])))
    });
    Ok(done.await?)
}

async fn profile(at: &At, partner: PartnerId, from: Option<Date>, party: Party) -> anyhow::Result<u8> {
    changed(at, partner, "profile", move |tx, cx| {
        let scope = cx.authorize(Action::ManageTaxProfile)?;
        let today = utc_date(cx.now);
        let from = match (from, tax::profile(tx, &scope, Date::MAX)?) {
            (Some(from), _) => from,
            (None, None) => Date::constant(1, 1, 1),
            (None, Some(_)) => Month::of(today).next().map_err(Error::internal)?.first(),
        };
        Ok(tax::set_profile(tx, &scope, from, &party, cx.now)?)
    })
    .await?;
    say("The partner is billed with these details.");
    Ok(0)
}

async fn bill(at: &At, month: Month, dry: bool) -> anyhow::Result<u8> {
    let installation = open(at).await?;
    let bar = progress(0, "partners")?;
    let done = invoice_run::run(&installation, month, dry, &|count, all| {
        bar.set_length(all);
        bar.set_position(count);
    })
    .await;
    bar.finish_and_clear();
    let summary = done?;
    let verb = if dry { "would be issued" } else { "issued" };
    say(format_args!("{month}: {} documents {verb}.", summary.documents));
    for (kind, count, sum) in summary.sums() {
        say(format_args!("  {count} {kind}: {} {}", money(sum), sum.currency()));
    }
    for (partner, currency, why) in &summary.held {
        say(format_args!("  held back: {partner} in {currency}: {}", told(&invoices::held_text(why))));
    }
    for (partner, currency) in &summary.failed {
        let currency = currency.map(|own| format!(" in {own}")).unwrap_or_default();
        say(format_args!("  failed: {partner}{currency}; the log says why. Run this again."));
    }
    Ok(u8::from(!summary.held.is_empty() || !summary.failed.is_empty()))
}

pub(super) fn money(own: Money) -> String {
    own.decimal().to_string()
}

/// Why somebody is held back, and what to do.
pub(super) fn told(why: &str) -> String {
    let (word, facts) = why.split_once(' ').unwrap_or((why, ""));
    match word {
        "profile_missing" => "nobody said who the partner is; use `chandlery invoice profile`".into(),
        "rate_missing" => format!("no rate of tax is known ({facts}); use `chandlery invoice rates`"),
        "earlier_month_open" => format!(
            "an earlier month was not billed ({facts}); bill that first, and open it again before where it is closed"
        ),
        other => other.to_owned(),
    }
}

async fn held(at: &At) -> anyhow::Result<u8> {
    let installation = open(at).await?;
    let list = installation.store.read(|tx| Ok::<_, Error>(invoices::held(tx, LISTED)?)).await?;
    for own in &list {
        say(format_args!("{} {} {}: {}", own.month, own.partner, own.currency, told(&own.why)));
    }
    if list.is_empty() {
        say("Nobody is held back.");
    }
    Ok(0)
}
