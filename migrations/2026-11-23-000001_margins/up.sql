-- What partners ask of their customers more than they pay.
create table margin_rules (
    partner_id text not null,
    id text not null,
    -- The customer it is for; everybody where none is named.
    customer_id text,
    -- all, a family, a product, or one SKU of a product.
    subject text not null,
    margin text not null check (margin in ('percent', 'fixed', 'price')),
    value text not null,
    -- The least a unit costs.
    floor text,
    -- What value and floor are said in; none where both are no amounts.
    currency text,
    from_day text not null,
    until_day text,
    created_at bigint not null,
    primary key (partner_id, id),
    foreign key (partner_id, customer_id) references customers (partner_id, id),
    check (margin = 'percent' or currency is not null),
    check (floor is null or currency is not null)
);
create index margin_rules_by_customer on margin_rules (partner_id, customer_id);

-- What customers owe their partner for what the partner was charged: one row goes with a charge, in the same transaction. Rows
-- are inserted and never changed.
create table resales (
    partner_id text not null,
    order_id text not null,
    charge_id text not null,
    customer_id text not null,
    line bigint not null,
    unit_price text not null,
    effective_unit_price text not null,
    quantity bigint not null check (quantity > 0),
    amount bigint not null,
    -- What the partner owes for it.
    charged bigint not null,
    currency text not null,
    includes_tax bigint not null check (includes_tax in (0, 1)),
    booked_at bigint not null,
    reverses text,
    rule_id text,
    primary key (partner_id, order_id, charge_id),
    foreign key (partner_id, order_id, charge_id) references charges (partner_id, order_id, id)
);
create index resales_by_customer on resales (partner_id, customer_id, booked_at, charge_id);
