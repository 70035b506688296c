-- What a customer's month comes to is added up from the index alone.
drop index charges_customer;
create index charges_customer on charges (partner_id, customer_id, booked_at, id, kind, currency, amount);
