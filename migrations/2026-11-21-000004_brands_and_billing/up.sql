-- What a house is called and coloured in its customers' portal; the operator's own row is the one all others begin with.
create table brands (
    partner_id text not null primary key,
    name text not null,
    colour text not null,
    revision bigint not null
);

-- What was charged for a customer in a month.
create index charges_customer on charges (partner_id, customer_id, booked_at, id);
