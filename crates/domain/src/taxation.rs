//! Which tax a partner's purchases carry: by its own details and not its customers', on the day of each charge (rules 3.3
//! and 8.5).
//!
//! Never here: sums. See `tax`.

use jiff::civil::Date;

use crate::market::Country;
use crate::tax::Rate;

/// The countries of the European Union, between whose businesses tax is reversed (VAT Directive, article 196).
const UNION: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];
/// Where a tax id takes the tax off a supply from abroad (rule 8.5).
const RELIEVED_BY_ID: [&str; 2] = ["TR", "ZA"];
/// Where a correction is a document of its own that names what it corrects (rule 8.1; VAT Directive, article 219).
const SEPARATE_CREDIT_NOTES: [&str; 5] = ["BR", "GB", "IN", "NO", "CH"];

/// Whether a country belongs to the European Union.
pub fn in_union(country: Country) -> bool {
    UNION.contains(&country.to_string().as_str())
}

/// Whether a country's tax ids are VAT numbers that can be checked (see [`crate::vat_id`]).
pub fn has_vat_ids(country: Country) -> bool {
    in_union(country) || country.code() == "GB"
}

/// Whether what corrects an earlier invoice is a credit note there, and not a line below zero (rule 8.1).
pub fn wants_credit_notes(country: Country) -> bool {
    in_union(country) || SEPARATE_CREDIT_NOTES.contains(&country.to_string().as_str())
}

/// Where somebody is for tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxPlace {
    /// The country.
    pub country: Country,
    /// The state or province, as ISO 3166-2 has it, where tax differs by it.
    pub region: Option<String>,
    /// The tax id, if it is registered there; checked when it was entered.
    pub tax_id: Option<String>,
    /// Until which day a certificate frees it from tax, and its number.
    pub exempt: Option<(String, Date)>,
}

/// A rate as it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedRate {
    /// Where.
    pub country: Country,
    /// In which part of it; none in all of it.
    pub region: Option<String>,
    /// What it is called there, such as VAT or GST.
    pub name: String,
    /// The rate.
    pub rate: Rate,
    /// The tax of the whole country it stands in place of, where it is not one more (Canada's HST stands in place of GST).
    pub in_place_of: Option<String>,
    /// Its first day.
    pub first: Date,
    /// Its last day; none while it is in force.
    pub last: Option<Date>,
}

impl DatedRate {
    fn concerns(&self, place: &TaxPlace) -> bool {
        self.country == place.country && (self.region.is_none() || self.region == place.region)
    }

    fn covers(&self, day: Date) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }

    fn holds(&self, place: &TaxPlace, day: Date) -> bool {
        self.concerns(place) && self.covers(day)
    }

    fn is_of_a_part(&self, country: Country, day: Date) -> bool {
        self.country == country && self.region.is_some() && self.covers(day)
    }

    /// Whether both would be charged on some day although they are the same tax.
    fn clashes(&self, other: &Self) -> bool {
        let before = |last: Option<Date>, first: Date| last.is_some_and(|last| last < first);
        self.country == other.country
            && self.region == other.region
            && self.name == other.name
            && !before(self.last, other.first)
            && !before(other.last, self.first)
    }
}

/// One tax on a purchase; some places have two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxPart {
    /// What it is called there.
    pub name: String,
    /// The rate.
    pub rate: Rate,
}

/// How a purchase is taxed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Treatment {
    /// With these taxes.
    Taxed(Vec<TaxPart>),
    /// Not by the seller: the buyer owes the tax itself.
    ReverseCharge,
    /// Not, by a certificate with this number.
    Exempt(String),
    /// Not: the supply is taxed nowhere the seller has to.
    OutOfScope,
}

impl Treatment {
    /// The stored word.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Taxed(_) => "taxed",
            Self::ReverseCharge => "reverse_charge",
            Self::Exempt(_) => "exempt",
            Self::OutOfScope => "out_of_scope",
        }
    }
}

/// No rate is known for a place on a day where one must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateMissing {
    /// Where.
    pub country: Country,
    /// When.
    pub day: Date,
}

/// How a purchase of `buyer` from `seller` is taxed on a day (rule 8.5).
///
/// # Errors
/// [`RateMissing`] where tax is owed and nobody said how much, or in which part of a country whose parts tax by themselves.
pub fn treatment(
    seller: &TaxPlace,
    buyer: &TaxPlace,
    rates: &[DatedRate],
    day: Date,
) -> Result<Treatment, RateMissing> {
    if let Some((number, _)) = buyer.exempt.as_ref().filter(|(_, last)| day <= *last) {
        return Ok(Treatment::Exempt(number.clone()));
    }
    let (union, abroad) = (in_union(buyer.country), buyer.country != seller.country);
    let relieved = union || RELIEVED_BY_ID.contains(&buyer.country.to_string().as_str());
    if abroad && relieved && buyer.tax_id.is_some() {
        return Ok(Treatment::ReverseCharge);
    }
    let missing = RateMissing { country: buyer.country, day };
    let holding: Vec<&DatedRate> = rates.iter().filter(|own| own.holds(buyer, day)).collect();
    if buyer.region.is_none() && rates.iter().any(|own| own.is_of_a_part(buyer.country, day)) {
        return Err(missing);
    }
    let stood_in =
        |own: &DatedRate| holding.iter().any(|other| other.in_place_of.as_ref() == Some(&own.name));
    let parts: Vec<TaxPart> = holding
        .iter()
        .filter(|own| own.region.is_some() || !stood_in(own))
        .map(|own| TaxPart { name: own.name.clone(), rate: own.rate })
        .collect();
    if !parts.is_empty() {
        return Ok(Treatment::Taxed(parts));
    }
    if union || !abroad {
        return Err(missing);
    }
    Ok(Treatment::OutOfScope)
}

/// Where a list of rates cannot be right: a rate that ends before it begins, or that is in force beside another of the same
/// name in the same place. The first such rate, and the one it clashes with, by their places in the list.
pub fn wrong_rate(rates: &[DatedRate]) -> Option<(usize, Option<usize>)> {
    rates.iter().enumerate().find_map(|(place, own)| {
        if own.last.is_some_and(|last| last < own.first) {
            return Some((place, None));
        }
        let earlier = rates.iter().take(place).position(|other| own.clashes(other))?;
        Some((place, Some(earlier)))
    })
}

/// The days of a stretch on which a rate that concerns the buyer begins, after its first: from each on, tax may differ.
pub fn changes(buyer: &TaxPlace, rates: &[DatedRate], (first, last): (Date, Date)) -> Vec<Date> {
    let inside = |day: &Date| first < *day && *day <= last;
    let own = rates.iter().filter(|own| own.concerns(buyer));
    let ends = |own: &DatedRate| own.last.and_then(|day| day.tomorrow().ok());
    let mut days: Vec<Date> =
        own.flat_map(|own| [Some(own.first), ends(own)]).flatten().filter(inside).collect();
    if let Some(day) = buyer.exempt.as_ref().and_then(|(_, day)| day.tomorrow().ok()) {
        days.extend(Some(day).filter(inside));
    }
    days.sort_unstable();
    days.dedup();
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use rust_decimal::Decimal;

    fn place(country: &str, tax_id: Option<&str>) -> TaxPlace {
        TaxPlace {
            country: country.parse().unwrap(),
            region: None,
            tax_id: tax_id.map(ToOwned::to_owned),
            exempt: None,
        }
    }

    fn rate(
        country: &str,
        region: Option<&str>,
        name: &str,
        permille: i64,
        first: Date,
        last: Option<Date>,
    ) -> DatedRate {
        DatedRate {
            country: country.parse().unwrap(),
            region: region.map(ToOwned::to_owned),
            name: name.to_owned(),
            rate: Rate::new(Decimal::new(permille, 3)).unwrap(),
            in_place_of: None,
            first,
            last,
        }
    }

    fn rates() -> Vec<DatedRate> {
        vec![
            rate("DE", None, "VAT", 190, date(2007, 1, 1), Some(date(2020, 6, 30))),
            rate("DE", None, "VAT", 160, date(2020, 7, 1), Some(date(2020, 12, 31))),
            rate("DE", None, "VAT", 190, date(2021, 1, 1), None),
            rate("CA", None, "GST", 50, date(2008, 1, 1), None),
            rate("CA", Some("CA-QC"), "QST", 99, date(2013, 1, 1), None),
            DatedRate {
                in_place_of: Some("GST".into()),
                ..rate("CA", Some("CA-ON"), "HST", 130, date(2010, 7, 1), None)
            },
            rate("ZA", None, "VAT", 150, date(2018, 4, 1), None),
        ]
    }

    fn percent(own: &Treatment) -> Vec<(&str, String)> {
        match own {
            Treatment::Taxed(parts) => {
                parts.iter().map(|own| (own.name.as_str(), own.rate.fraction().to_string())).collect()
            }
            other => vec![(other.as_str(), String::new())],
        }
    }

    #[test]
    fn tax_follows_the_buyers_place_and_id_on_the_day() {
        let day = date(2020, 3, 1);
        let seller = place("DE", Some("DE136695976"));
        let of = |buyer: &TaxPlace, day| treatment(&seller, buyer, &rates(), day);
        assert_eq!(percent(&of(&place("DE", None), day).unwrap()), [("VAT", "0.190".to_owned())]);
        assert_eq!(
            percent(&of(&place("DE", None), date(2020, 7, 1)).unwrap()),
            [("VAT", "0.160".to_owned())]
        );
        assert_eq!(
            percent(&of(&place("DE", None), date(2021, 1, 1)).unwrap()),
            [("VAT", "0.190".to_owned())]
        );
        // At home an id changes nothing; in another country of the union the buyer owes the tax.
        assert_eq!(
            percent(&of(&place("DE", Some("DE811569869")), day).unwrap()),
            [("VAT", "0.190".to_owned())]
        );
        assert_eq!(of(&place("SE", Some("SE556188840401")), day), Ok(Treatment::ReverseCharge));
        assert_eq!(of(&place("SE", None), day), Err(RateMissing { country: "SE".parse().unwrap(), day }));
        assert_eq!(of(&place("ZA", None), day).map(|own| percent(&own)[0].1.clone()), Ok("0.150".to_owned()));
        assert_eq!(of(&place("ZA", Some("4123456789")), day), Ok(Treatment::ReverseCharge));
        assert_eq!(of(&place("US", None), day), Ok(Treatment::OutOfScope));
    }

    #[test]
    fn some_places_have_two_taxes_and_certificates_free_from_any() {
        let (seller, day) = (place("CA", None), date(2020, 3, 1));
        let quebec = TaxPlace { region: Some("CA-QC".into()), ..place("CA", None) };
        let own = treatment(&seller, &quebec, &rates(), day).unwrap();
        assert_eq!(percent(&own), [("GST", "0.050".to_owned()), ("QST", "0.099".to_owned())]);
        let part = |region: Option<&str>| TaxPlace { region: region.map(Into::into), ..place("CA", None) };
        let of = |region| treatment(&seller, &part(region), &rates(), day);
        assert_eq!(
            percent(&of(Some("CA-ON")).unwrap()),
            [("HST", "0.130".to_owned())],
            "in place of GST, not beside it"
        );
        assert_eq!(percent(&of(Some("CA-AB")).unwrap()), [("GST", "0.050".to_owned())]);
        assert_eq!(
            of(None),
            Err(RateMissing { country: "CA".parse().unwrap(), day }),
            "which part was not said"
        );
        let exempt = TaxPlace { exempt: Some(("E-1".into(), date(2020, 3, 14))), ..quebec };
        assert_eq!(treatment(&seller, &exempt, &rates(), day), Ok(Treatment::Exempt("E-1".into())));
        assert_eq!(changes(&exempt, &rates(), (date(2020, 3, 1), date(2020, 3, 31))), [date(2020, 3, 15)]);
        assert_eq!(percent(&treatment(&seller, &exempt, &rates(), date(2020, 3, 15)).unwrap()).len(), 2);
    }

    #[test]
    fn a_change_inside_a_month_is_known() {
        let buyer = place("DE", None);
        assert_eq!(changes(&buyer, &rates(), (date(2020, 6, 15), date(2020, 7, 14))), [date(2020, 7, 1)]);
        assert_eq!(changes(&buyer, &rates(), (date(2020, 7, 1), date(2020, 7, 31))), Vec::<Date>::new());
        let quebec = TaxPlace { region: Some("CA-QC".into()), ..place("CA", None) };
        let whole = (date(2010, 1, 1), date(2020, 12, 31));
        assert_eq!(
            changes(&quebec, &rates(), whole),
            [date(2013, 1, 1)],
            "what begins in another part is no change here"
        );
    }

    #[test]
    fn the_same_tax_is_never_in_force_twice() {
        assert_eq!(wrong_rate(&rates()), None);
        let mut twice = rates();
        twice.push(rate("DE", None, "VAT", 210, date(2027, 1, 1), None));
        assert_eq!(wrong_rate(&twice), Some((twice.len() - 1, Some(2))));
        let backwards = [rate("DE", None, "VAT", 210, date(2027, 1, 1), Some(date(2026, 12, 31)))];
        assert_eq!(wrong_rate(&backwards), Some((0, None)));
    }
}
