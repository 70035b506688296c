-- What banks say came in, row by row: it waits until it is known whose it is. The reference is the bank's, or is made from what the
-- row says.
create table bank_rows (
    reference text not null primary key,
    currency text not null,
    amount bigint not null check (amount > 0),
    received_on text not null,
    payer text not null,
    said text not null,
    alone bigint not null check (alone in (0, 1)),
    read_at bigint not null,
    state text not null check (state in ('waiting', 'entered', 'dismissed')),
    partner_id text references partners (partner_id),
    decided_at bigint
);
create index bank_rows_state on bank_rows (state, received_on, reference);

-- A number is one document's, whoever it was issued to; payers name it.
create unique index invoices_number on invoices (number);
-- The operator's list of all payments, the latest first.
create index payments_latest on payments (received_on, partner_id, reference);
