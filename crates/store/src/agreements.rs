//! Customers' confirmed agreements.

use chandlery_domain::access::Scope;
use chandlery_domain::agreement::{Agreement, Signatory};
use chandlery_domain::ids::CustomerId;
use diesel::prelude::*;

use crate::columns::{instant, read};
use crate::db::{Read, Write, both};
use crate::error::Error;
use crate::schema::agreements;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = agreements, treat_none_as_default_value = false)]
struct Row {
    partner_id: String,
    customer_id: String,
    id: String,
    kind: String,
    first_name: String,
    last_name: String,
    email: String,
    phone: Option<String>,
    agreed_at: i64,
    attested_by: String,
    attested_at: i64,
}

impl Row {
    fn read(self) -> Result<Agreement, Error> {
        Ok(Agreement {
            id: read("agreements.id", &self.id)?,
            customer: read("agreements.customer_id", &self.customer_id)?,
            kind: read("agreements.kind", &self.kind)?,
            signatory: Signatory {
                first_name: self.first_name,
                last_name: self.last_name,
                email: self.email,
                phone: self.phone,
            },
            agreed_at: instant("agreements.agreed_at", self.agreed_at)?,
            attested_by: read("agreements.attested_by", &self.attested_by)?,
            attested_at: instant("agreements.attested_at", self.attested_at)?,
        })
    }
}

/// A customer's agreements, oldest first, at most a thousand.
///
/// # Errors
/// The store's own.
pub fn list(tx: &mut Read<'_>, scope: &Scope, customer: CustomerId) -> Result<Vec<Agreement>, Error> {
    let (partner, customer) = (scope.partner().to_string(), customer.to_string());
    let rows: Vec<Row> = both!(tx, |c| agreements::table
        .filter(agreements::partner_id.eq(&partner).and(agreements::customer_id.eq(&customer)))
        .order(agreements::id.asc())
        .limit(1000)
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::read).collect()
}

/// Adds an agreement.
///
/// # Errors
/// The store's own.
pub fn insert(tx: &mut Write<'_>, scope: &Scope, agreement: &Agreement) -> Result<(), Error> {
    let row = Row {
        partner_id: scope.partner().to_string(),
        customer_id: agreement.customer.to_string(),
        id: agreement.id.to_string(),
        kind: agreement.kind.as_str().into(),
        first_name: agreement.signatory.first_name.clone(),
        last_name: agreement.signatory.last_name.clone(),
        email: agreement.signatory.email.clone(),
        phone: agreement.signatory.phone.clone(),
        agreed_at: agreement.agreed_at.as_microsecond(),
        attested_by: agreement.attested_by.to_string(),
        attested_at: agreement.attested_at.as_microsecond(),
    };
    both!(tx, |c| diesel::insert_into(agreements::table).values(&row).execute(c))?;
    Ok(())
}
