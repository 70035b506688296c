-- How reservations are given back: dated rows of each profile.
create table policy_refunds (
    profile text not null,
    effective_from text not null,
    -- Through so many days after the order nothing is kept.
    first_days bigint not null check (first_days >= 0),
    -- Whether everything comes back in these days; otherwise what is unused.
    all_at_first bigint not null check (all_at_first in (0, 1)),
    -- What is kept afterwards, in hundredths of a percent.
    fee bigint not null check (fee between 0 and 10000),
    primary key (profile, effective_from)
);

-- How much may come back to one customer, before any fee, in so many months that follow each other.
create table refund_caps (
    currency text not null,
    effective_from text not null,
    most bigint not null check (most >= 0),
    months bigint not null check (months > 0),
    primary key (currency, effective_from)
);

insert into policy_refunds (profile, effective_from, first_days, all_at_first, fee) values
    ('2020', '2018-09-01', 5, 1, 1200),
    ('2021-03', '2018-09-01', 5, 1, 1200),
    ('2021-06', '2018-09-01', 5, 1, 1200),
    ('2023', '2018-09-01', 5, 1, 1200),
    ('2023', '2023-06-01', 5, 0, 0);

insert into refund_caps (currency, effective_from, most, months) values ('USD', '2018-09-01', 5000000, 12);

-- What the SKUs of reservations are for.
create table reservation_skus (
    -- As in a catalogue item: product:sku.
    sku text not null primary key,
    kind text not null,
    region text not null,
    size text not null
);

-- Those whose ids are published.
insert into reservation_skus (sku, kind, region, size) values
    ('DZH318Z0BQ4Z:002L', 'VirtualMachines', 'australiaeast', 'Standard_NC12'),
    ('DZH318Z0BQ5S:0001', 'VirtualMachines', 'westus2', 'Standard_ND12s');

-- A reservation that was given back, or exchanged.
alter table reservations add column returned_at bigint;

create table reservation_returns (
    partner_id text not null,
    -- The reservation.
    id text not null,
    customer_id text not null,
    order_id text not null,
    line bigint not null,
    quantity bigint not null check (quantity > 0),
    currency text not null,
    -- What was unused, what was kept of it, and what came back.
    worth bigint not null check (worth >= 0),
    fee bigint not null check (fee >= 0),
    credit bigint not null check (credit = worth - fee),
    -- The order of what it was exchanged for.
    exchanged_for text,
    returned_at bigint not null,
    primary key (partner_id, id),
    foreign key (partner_id, id) references reservations (partner_id, id),
    foreign key (partner_id, customer_id) references customers (partner_id, id)
);

-- The reservation a credit is for: a charge is taken back once, and once for each reservation that came out of its line.
alter table charges add column returned text;
drop index charges_cancelled;
create unique index charges_cancelled on charges (partner_id, order_id, reverses, coalesce(returned, ''))
    where kind = 'cancelImmediate';

create index reservation_returns_by_customer on reservation_returns (partner_id, customer_id, returned_at);
create index reservation_returns_exchanged on reservation_returns (partner_id, exchanged_for) where exchanged_for is not null;
