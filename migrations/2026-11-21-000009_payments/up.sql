-- What a partner paid. The reference is the bank's, or whatever names the payment once.
create table payments (
    partner_id text not null,
    reference text not null,
    currency text not null,
    amount bigint not null check (amount > 0),
    received_on text not null,
    entered_at bigint not null,
    undone_at bigint,
    primary key (partner_id, reference),
    foreign key (partner_id) references partners (partner_id)
);
create index payments_received on payments (partner_id, currency, received_on);

-- What settles a document: part of a payment, named by its reference, or of a document below zero, named by its number.
create table settlements (
    partner_id text not null,
    number text not null,
    kind text not null check (kind in ('payment', 'credit')),
    source text not null,
    amount bigint not null check (amount > 0),
    settled_at bigint not null,
    primary key (partner_id, number, kind, source),
    foreign key (partner_id, number) references invoices (partner_id, number)
);
create index settlements_source on settlements (partner_id, kind, source);
