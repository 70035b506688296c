-- A month held against what was ordered, charged, billed and handed over: which comparison is under way, when one ended last and
-- what each side came to, and since when the month is closed.
create table month_closings (
    month text not null primary key,
    running text,
    compared_at bigint,
    sides text not null,
    closed_at bigint,
    check (closed_at is null or (compared_at is not null and running is null))
);

-- What the sides differ in, as it was seen last and by which comparison, with the reason where somebody gave one. Nobody's is the vendor's.
create table month_gaps (
    month text not null,
    gap text not null,
    partner_id text not null,
    subject text not null,
    currency text,
    expected bigint,
    found bigint,
    detail text not null,
    seen_by text not null,
    reason text,
    explained_at bigint,
    primary key (partner_id, month, gap, subject),
    check ((reason is null) = (explained_at is null))
);
create index month_gaps_page on month_gaps (month, gap, partner_id, subject);
create index month_gaps_open on month_gaps (month) where reason is null;

-- What a vendor billed for a month: sums by product, in its own currency, bill by bill.
create table vendor_rows (
    month text not null,
    bill text not null,
    product text not null,
    currency text not null,
    credit bigint not null check (credit in (0, 1)),
    quantity bigint not null check (quantity >= 0),
    amount bigint not null,
    lines bigint not null check (lines > 0),
    primary key (month, bill, product, currency, credit)
);

-- What was cancelled in a month is looked at without reading every order.
create index order_lines_cancelled on order_lines (partner_id, state_at) where state = 'cancelled';

-- Where the lines of one amount that carry a cent more end is found without passing over those of other amounts.
create index charges_alike on charges (partner_id, currency, includes_tax, amount, booked_at, id) where reverses is null;

-- In which currencies a month has something, and what it comes to by kind, is read from an index alone.
drop index charges_booked;
create index charges_booked on charges (partner_id, booked_at, currency, kind, amount);
