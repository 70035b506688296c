-- What a customer's month comes to is added up from the index alone.
drop index charges_customer;
create index charges_customer on charges (partner_id, customer_id, booked_at, id, kind, currency, amount);

-- A note that says nothing but that a request was withdrawn: what it says is in the reader's language.
alter table request_notes add column withdrew bigint not null default 0;
