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
-- Who caused a piece of work, so that whoever did something is not told of it.
alter table work add column asked_by text;

-- What people are told. about and kind say what it is about: the same is told to a person once.
create table notices (
    partner_id text not null,
    user_id text not null,
    id text not null,
    at bigint not null,
    kind text not null,
    about text not null,
    customer_id text,
    subject text not null,
    facts text not null,
    read_at bigint,
    primary key (partner_id, user_id, id),
    unique (partner_id, about, kind, user_id),
    foreign key (partner_id, user_id) references users (partner_id, id)
);
create index notices_unread on notices (partner_id, user_id, read_at);
create index notices_age on notices (at);

-- From where somebody signed in before, as keyed digests: enough to know a place again, and nothing more.
create table known_places (
    partner_id text not null,
    user_id text not null,
    digest text not null,
    seen_at bigint not null,
    primary key (partner_id, user_id, digest),
    foreign key (partner_id, user_id) references users (partner_id, id)
);
create index known_places_age on known_places (seen_at);

-- Orders are looked through by their age, over all partners, for windows that close.
create index orders_age on orders (placed_at);
