//! Who bills in the practice twin, and who is billed: so that a month can be billed once the clock was moved past it.

use chandlery_domain::access::Action;
use chandlery_domain::audit::{Entry, Operation, Resource};
use chandlery_domain::customer::Partner;
use chandlery_domain::invoice::{Party, PartyMore};
use chandlery_domain::taxation::TaxPlace;
use chandlery_store::tax;
use jiff::civil::Date;

use crate::app::Context;
use crate::error::Error;
use crate::installation::{Installation, OPERATOR};

fn party(
    name: &str,
    (street, postal_code, city, country): (&str, &str, &str, &str),
    tax_id: Option<&str>,
    email: &str,
) -> Result<Party, Error> {
    Ok(Party {
        name: name.to_owned(),
        lines: vec![street.to_owned()],
        city: city.to_owned(),
        postal_code: postal_code.to_owned(),
        place: TaxPlace {
            country: country.parse().map_err(Error::internal)?,
            region: None,
            tax_id: tax_id.map(ToOwned::to_owned),
            exempt: None,
        },
        email: email.to_owned(),
        more: PartyMore::default(),
    })
}

/// Says who the seller is, and who the partners are for tax.
///
/// # Errors
/// When the data that come with the program are broken.
pub async fn set_up(installation: &Installation, partners: &[Partner]) -> anyhow::Result<()> {
    let place = ("Lagergatan 3", "111 22", "Stockholm", "SE");
    let seller = party("Chandlery Practice AB", place, Some("SE556188840401"), "billing@chandlery.example")?;
    let now = installation.clock.now();
    let cx = Context::system(OPERATOR, now, "practice");
    let changed = || Entry::did(Operation::ChangeTax, Resource::Partner, OPERATOR);
    let saying = installation.store.write(cx.stamp(), move |tx| {
        tax::set_seller(tx, &seller)?;
        Ok::<_, Error>(((), changed()))
    });
    saying.await?;
    for partner in partners {
        let place = match partner.country.to_string().as_str() {
            "SE" => ("Storgatan 1", "903 26", "Umeå", "SE"),
            _ => ("1 Harbor Street", "98101", "Seattle", "US"),
        };
        let own = party(&partner.name, place, None, "")?;
        let cx = Context::system(partner.id, now, "practice");
        let (scope, id) = (cx.authorize(Action::ManageTaxProfile)?, partner.id);
        let saying = installation.store.write(cx.stamp(), move |tx| {
            tax::set_profile(tx, &scope, Date::constant(1, 1, 1), &own, now)?;
            Ok::<_, Error>(((), Entry::did(Operation::ChangeTax, Resource::Partner, id)))
        });
        saying.await?;
    }
    Ok(())
}
