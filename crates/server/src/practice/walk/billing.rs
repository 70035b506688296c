//! The end of the story: the operator bills the months, and the partner gets an invoice and a credit note that add up.

use anyhow::Context as _;
use rust_decimal::Decimal;

use super::{Story, decimal, items, money, text};
use crate::installation::Installation;
use crate::jobs::invoice_run;

/// Bills January to March and looks at what the partner finds.
pub(super) async fn walk(story: &mut Story<'_>, installation: &Installation) -> anyhow::Result<()> {
    story.title("The operator bills the months; every cent on the documents can be explained");
    story.client.clock(serde_json::json!({ "set": "2020-04-02T06:00:00Z" })).await?;
    for month in ["2020-01", "2020-02", "2020-03"] {
        let month = month.parse().map_err(|_| anyhow::anyhow!("{month} is no month"))?;
        let summary = invoice_run::run(installation, month, false, &|_, _| {}).await?;
        let again = invoice_run::run(installation, month, false, &|_, _| {}).await?;
        story.say(format!("{month}: documents issued: {}", summary.documents));
        story.check("run again it issues nothing", again.documents == 0 && again.failed.is_empty());
    }
    let list = story.client.get("/v1/invoices").await?;
    let mut sum = Decimal::ZERO;
    for document in items(&list).iter().rev() {
        let (number, kind) = (text(document, "/id")?, text(document, "/documentType")?);
        let (total, tax) = (decimal(document, "/totalCharges")?, decimal(document, "/taxTotal")?);
        let currency = text(document, "/currencyCode")?;
        let corrects = document.pointer("/amendsOf").and_then(serde_json::Value::as_str);
        story.say(format!(
            "{kind} {number}: {}, {} of it tax{}",
            money(total, &currency),
            money(tax, &currency),
            corrects.map(|own| format!(", corrects {own}")).unwrap_or_default()
        ));
        let path = format!(
            "/v1/invoices/{number}/lineitems?provider=onetime&invoicelineitemtype=billinglineitems&size=2000"
        );
        let lines = story.client.get(&path).await?;
        let mut of_lines = Decimal::ZERO;
        for line in items(&lines) {
            of_lines += decimal(line, "/totalForCustomer")?;
        }
        story.check("its lines come to it", of_lines == total);
        let page = story.client.text(&format!("/v1/invoices/{number}/documents/statement")).await?;
        story.check("it is a PDF", page.starts_with("%PDF-"));
        sum += total;
    }
    let kinds: Vec<&str> = items(&list)
        .iter()
        .filter_map(|own| own.pointer("/documentType").and_then(serde_json::Value::as_str))
        .collect();
    story.check(
        "there is an invoice, and a credit note for what came back",
        kinds.contains(&"invoice") && kinds.contains(&"adjustment_note"),
    );
    let balance = story.client.get("/v1/invoices/summary").await?;
    let billed = decimal(&balance, "/balanceAmount").context("no balance")?;
    story.check(&format!("both come to {}", money(billed, &text(&balance, "/currencyCode")?)), billed == sum);
    Ok(())
}
