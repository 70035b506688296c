-- How people read, what they are told, and what they ask of the operator. Same columns as ever.

alter table users add column language text;
alter table users add column time_zone text;
alter table users add column muted text not null default '';

-- The customer's own number for a purchase; stands on its documents.
alter table carts add column po_number text;
alter table orders add column po_number text;

-- Words a partner marks its customers with.
create table customer_tags (
    partner_id text not null,
    customer_id text not null,
    tag text not null,
    primary key (partner_id, customer_id, tag),
    foreign key (partner_id, customer_id) references customers (partner_id, id)
);
create index customer_tags_tag on customer_tags (partner_id, tag, customer_id);

-- Which terms end when, for the renewal calendar.
create index subscriptions_end on subscriptions (partner_id, period_last, id);
-- The cart somebody is filling.
create index carts_filling on carts (partner_id, customer_id, modified_by, modified_at);

-- Secrets of calendar feeds, by their digest: a calendar program has no session.
create table calendar_feeds (
    partner_id text not null,
    user_id text not null,
    digest text not null,
    made_at bigint not null,
    primary key (partner_id, user_id)
);
create unique index calendar_feeds_digest on calendar_feeds (partner_id, digest);

-- What the first page looks for: windows that close, orders that wait, what was charged lately.
create index orders_placed on orders (partner_id, placed_at, id);
create index order_lines_pending on order_lines (partner_id, order_id) where state = 'pending';
create index charges_booked on charges (partner_id, booked_at);
