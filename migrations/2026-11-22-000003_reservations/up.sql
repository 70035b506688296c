-- Azure subscriptions of a customer, made in Azure; here by the id they have there.
create table azure_subscriptions (
    partner_id text not null,
    customer_id text not null,
    id text not null,
    name text not null,
    active bigint not null check (active in (0, 1)),
    -- Since when reservations may be bought on it.
    registered_at bigint,
    added_at bigint not null,
    primary key (partner_id, customer_id, id),
    foreign key (partner_id, customer_id) references customers (partner_id, id)
);

-- Reservations: each came out of a line of an order, and is replaced by others when it is split or merged.
create table reservations (
    partner_id text not null,
    id text not null,
    customer_id text not null,
    order_id text not null,
    line bigint not null,
    title text not null,
    name text not null,
    quantity bigint not null check (quantity > 0),
    -- The Azure subscription it is for alone; none where it is shared by all of the customer's.
    applies_to text,
    -- The Azure subscription it was bought on.
    bought_on text,
    first_day text not null,
    last_day text not null,
    made_at bigint,
    replaced_at bigint,
    primary key (partner_id, id),
    foreign key (partner_id, customer_id) references customers (partner_id, id),
    check (last_day >= first_day)
);

create index reservations_by_customer on reservations (partner_id, customer_id, id);
create index reservations_by_line on reservations (partner_id, order_id, line);
