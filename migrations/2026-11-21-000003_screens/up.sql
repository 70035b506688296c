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
-- What partners ask of the operator, whatever it is about; a conversation with files.
drop index service_requests_state;
alter table service_requests rename to service_requests_before;
create table service_requests (
    partner_id text not null,
    id text not null,
    customer_id text,
    topic text not null check (topic in ('more_activations', 'refund', 'technical', 'billing', 'account', 'other')),
    severity text not null check (severity in ('critical', 'moderate', 'minimal')),
    title text not null,
    description text not null,
    order_id text,
    line bigint,
    key_id text,
    wanted bigint check (wanted > 0),
    amount bigint,
    currency text,
    contact_name text not null,
    contact_email text not null,
    contact_phone text not null,
    state text not null check (state in ('open', 'attention_needed', 'closed')),
    asked_by text not null,
    asked_at bigint not null,
    changed_at bigint not null,
    answered_at bigint,
    closed_at bigint,
    unread bigint not null check (unread in (0, 1)),
    revision bigint not null,
    primary key (partner_id, id),
    check ((state = 'closed') = (closed_at is not null)),
    check ((amount is null) = (currency is null)),
    check (topic <> 'more_activations' or (order_id is not null and line is not null and key_id is not null and wanted is not null))
);
insert into service_requests (partner_id, id, customer_id, topic, severity, title, description, order_id, line, key_id,
    wanted, contact_name, contact_email, contact_phone, state, asked_by, asked_at, changed_at, answered_at, closed_at,
    unread, revision)
    select partner_id, id, customer_id, topic, 'minimal', title, description, order_id, line, key_id,
    wanted, '', '', '', state, asked_by, asked_at, coalesce(answered_at, asked_at), answered_at, answered_at,
    0, revision from service_requests_before;
create index service_requests_state on service_requests (state, severity, asked_at);
create index service_requests_mine on service_requests (partner_id, asked_by, changed_at);
create index service_requests_order on service_requests (partner_id, order_id);

-- What was said, by whoever asked and by the operator.
create table request_notes (
    partner_id text not null,
    request_id text not null,
    id text not null,
    side text not null check (side in ('partner', 'operator')),
    author text not null,
    at bigint not null,
    text text not null,
    primary key (partner_id, request_id, id),
    foreign key (partner_id, request_id) references service_requests (partner_id, id)
);
insert into request_notes (partner_id, request_id, id, side, author, at, text)
    select partner_id, id, id, 'operator', '', answered_at, answer from service_requests_before
    where answered_at is not null and answer is not null and answer <> '';
drop table service_requests_before;

-- What was sent along, with the description or with a note; the files lie in the media store.
create table request_files (
    partner_id text not null,
    request_id text not null,
    id text not null,
    note_id text,
    name text not null,
    kind text not null,
    size bigint not null,
    sha256 text not null,
    object text not null,
    primary key (partner_id, request_id, id),
    foreign key (partner_id, request_id) references service_requests (partner_id, id)
);

-- A charge may be credited in parts by exception; it is still cancelled once at most.
alter table charges rename to charges_before;
create table charges (
    partner_id text not null,
    order_id text not null,
    id text not null,
    customer_id text not null,
    line bigint not null,
    kind text not null check (kind in ('new', 'cancelImmediate', 'customerCredit')),
    unit_price text not null,
    effective_unit_price text not null,
    quantity bigint not null check (quantity > 0),
    amount bigint not null,
    currency text not null,
    includes_tax bigint not null check (includes_tax in (0, 1)),
    period_first text,
    period_last text,
    booked_at bigint not null,
    reverses text,
    primary key (partner_id, order_id, id),
    foreign key (partner_id, order_id) references orders (partner_id, id),
    check ((period_first is null) = (period_last is null)),
    check ((kind <> 'new') = (reverses is not null)),
    check (kind = 'new' or amount <= 0)
);
insert into charges (partner_id, order_id, id, customer_id, line, kind, unit_price, effective_unit_price, quantity, amount,
    currency, includes_tax, period_first, period_last, booked_at, reverses)
    select partner_id, order_id, id, customer_id, line, kind, unit_price, effective_unit_price, quantity, amount,
    currency, includes_tax, period_first, period_last, booked_at, reverses from charges_before;
drop table charges_before;
create unique index charges_cancelled on charges (partner_id, order_id, reverses) where kind = 'cancelImmediate';
-- From which day on a block does not hold any more.
alter table market_blocks add column ended_on text;

-- How many keys of a version were handed out, over all partners.
create index product_keys_product on product_keys (product_id, version);

-- What was charged lately, for the first page; here, because charges was made anew above.
create index charges_booked on charges (partner_id, booked_at);
