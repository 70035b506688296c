-- The whole first schema. It runs unchanged on SQLite and PostgreSQL, so every column is text or bigint: ids are
-- lower-case UUIDs, instants are microseconds since 1970 (UTC), days are YYYY-MM-DD, amounts are minor units, unit
-- prices are decimal text, states are words. What belongs to a partner has partner_id first in every key.

-- The installation itself: its kind, its policy profile, the practice clock.
create table settings (
    name text not null primary key,
    value text not null
);

-- Reference data, the same for every partner.
create table markets (
    country text not null primary key,
    name text not null,
    region text not null,
    currency text not null,
    tax_included text not null
);

create table market_blocks (
    family text not null,
    name_id text not null,
    country text not null,
    name_en text not null,
    name_sv text not null,
    name_de text not null,
    valid_from text not null,
    primary key (family, name_id)
);
create index market_blocks_country on market_blocks (country, family);

create table policy_cancellation (
    profile text not null,
    family text not null,
    effective_from text not null,
    window_unit text not null check (window_unit in ('days', 'hours')),
    window_length bigint not null check (window_length > 0),
    credit text not null check (credit in ('full', 'prorated')),
    cancel_day_unused bigint not null check (cancel_day_unused in (0, 1)),
    full_within_hours bigint not null check (full_within_hours >= 0),
    primary key (profile, family, effective_from)
);

create table policy_links (
    profile text not null,
    effective_from text not null,
    max_days bigint not null check (max_days > 0),
    age text not null check (age in ('from_issue', 'from_first_download')),
    max_downloads bigint check (max_downloads > 0),
    primary key (profile, effective_from)
);

create table products (
    id text not null primary key,
    title text not null,
    publisher text not null
);

create table skus (
    product_id text not null references products (id),
    id text not null,
    title text not null,
    description text not null,
    family text not null check (family in ('subscription', 'perpetual', 'reservation', 'linux_plan')),
    minimum_quantity bigint not null check (minimum_quantity > 0),
    maximum_quantity bigint not null,
    key_format text not null check (key_format in ('5x5', '8x4', 'free')),
    primary key (product_id, id),
    check (maximum_quantity >= minimum_quantity)
);

-- An availability: what goes into a cart, as product:sku:availability.
create table items (
    id text not null primary key,
    product_id text not null,
    sku_id text not null,
    segment text not null check (segment in ('commercial', 'education', 'government', 'nonprofit')),
    unique (product_id, sku_id, segment),
    foreign key (product_id, sku_id) references skus (product_id, id)
);

create table prices (
    item text not null references items (id),
    market text not null,
    currency text not null,
    term text not null,
    plan text not null,
    tier_min bigint not null check (tier_min > 0),
    starts_at bigint not null,
    ends_at bigint not null,
    tier_max bigint not null,
    unit_price text not null,
    retail_price text not null,
    primary key (item, market, currency, term, plan, tier_min, starts_at),
    check (ends_at >= starts_at),
    check (tier_max >= tier_min)
);

-- Keys nobody owns yet. A key stands in one place only: here, or with the order line it was handed to.
create table key_stock (
    product_id text not null references products (id),
    version text not null,
    id text not null,
    digest text not null,
    sealed text not null,
    activations bigint check (activations > 0),
    imported_at bigint not null,
    primary key (product_id, version, id),
    unique (digest)
);

-- Data keys, each wrapped by the installation's key ring: one per partner, and the operator's own.
create table data_keys (
    owner text not null primary key,
    ring_key text not null,
    wrapped text not null
);

-- Keys that sign tokens; the private half is sealed with the operator's data key.
create table signing_keys (
    id text not null primary key,
    public_key text not null,
    sealed text not null,
    created_at bigint not null
);

create table partners (
    partner_id text not null primary key,
    name text not null,
    country text not null,
    currency text not null,
    regions text not null,
    active bigint not null check (active in (0, 1)),
    mpn_id text not null
);

-- Names that must be unique over all partners stand alone, so that the rest can be sharded by partner.
create table applications (
    client_id text not null primary key,
    partner_id text not null references partners (partner_id),
    name text not null,
    secret_digest text not null,
    roles text not null,
    revoked_at bigint
);

create table logins (
    upn text not null primary key,
    partner_id text not null,
    user_id text not null
);

create table domains (
    domain text not null primary key,
    partner_id text not null,
    customer_id text not null
);

create table customers (
    partner_id text not null references partners (partner_id),
    id text not null,
    domain text not null,
    company_name text not null,
    company_key text not null,
    registration_number text,
    country text not null,
    qualification text not null,
    under_review bigint not null check (under_review in (0, 1)),
    associated_partner text,
    billing text not null,
    created_at bigint not null,
    revision bigint not null,
    primary key (partner_id, id)
);
create index customers_company on customers (partner_id, company_key, id);
create index customers_domain on customers (partner_id, domain, id);

create table users (
    partner_id text not null,
    id text not null,
    customer_id text,
    upn text not null,
    display_name text not null,
    roles text not null,
    password_hash text not null,
    must_change_password bigint not null check (must_change_password in (0, 1)),
    created_at bigint not null,
    primary key (partner_id, id)
);
create index users_customer on users (partner_id, customer_id, id);

create table agreements (
    partner_id text not null,
    customer_id text not null,
    id text not null,
    kind text not null check (kind in ('MicrosoftCustomerAgreement', 'MicrosoftCloudAgreement')),
    first_name text not null,
    last_name text not null,
    email text not null,
    phone text,
    agreed_at bigint not null,
    attested_by text not null,
    attested_at bigint not null,
    primary key (partner_id, customer_id, id),
    foreign key (partner_id, customer_id) references customers (partner_id, id)
);

create table carts (
    partner_id text not null,
    id text not null,
    customer_id text not null,
    lines text not null,
    created_at bigint not null,
    modified_at bigint not null,
    expires_at bigint not null,
    modified_by text not null,
    ordered bigint not null check (ordered in (0, 1)),
    revision bigint not null,
    primary key (partner_id, id),
    foreign key (partner_id, customer_id) references customers (partner_id, id)
);

create table orders (
    partner_id text not null,
    id text not null,
    alternate_id text not null,
    customer_id text not null,
    cart_id text,
    cart_group bigint,
    country text not null,
    currency text not null,
    cycle text not null check (cycle in ('OneTime', 'Monthly', 'Annual', 'Triennial')),
    placed_at bigint not null,
    revision bigint not null,
    primary key (partner_id, id),
    unique (partner_id, alternate_id),
    unique (partner_id, cart_id, cart_group),
    foreign key (partner_id, customer_id) references customers (partner_id, id)
);
create index orders_customer on orders (partner_id, customer_id, id);

create table order_lines (
    partner_id text not null,
    order_id text not null,
    number bigint not null check (number >= 0),
    item text not null,
    title text not null,
    family text not null check (family in ('subscription', 'perpetual', 'reservation', 'linux_plan')),
    quantity bigint not null check (quantity > 0),
    term text not null check (term in ('OneTime', 'P1M', 'P1Y', 'P3Y', 'P5Y')),
    unit_price text not null,
    amount bigint not null,
    includes_tax bigint not null check (includes_tax in (0, 1)),
    period_first text,
    period_last text,
    subscription_id text,
    reseller text,
    state text not null check (state in ('pending', 'fulfilled', 'cancelled')),
    state_at bigint,
    primary key (partner_id, order_id, number),
    foreign key (partner_id, order_id) references orders (partner_id, id),
    check ((state = 'pending') = (state_at is null)),
    check ((period_first is null) = (period_last is null))
);

create table subscriptions (
    partner_id text not null,
    id text not null,
    customer_id text not null,
    order_id text not null,
    line bigint not null,
    item text not null,
    title text not null,
    friendly_name text not null,
    quantity bigint not null check (quantity > 0),
    term text not null check (term in ('P1M', 'P1Y', 'P3Y', 'P5Y')),
    cycle text not null check (cycle in ('OneTime', 'Monthly', 'Annual', 'Triennial')),
    period_first text not null,
    period_last text not null,
    auto_renew bigint not null check (auto_renew in (0, 1)),
    created_at bigint not null,
    cancelled_at bigint,
    revision bigint not null,
    primary key (partner_id, id),
    unique (partner_id, order_id, line),
    foreign key (partner_id, order_id) references orders (partner_id, id)
);
create index subscriptions_customer on subscriptions (partner_id, customer_id, id);

create table product_keys (
    partner_id text not null,
    order_id text not null,
    line bigint not null,
    id text not null,
    product_id text not null,
    version text not null,
    digest text not null,
    sealed text not null,
    activations bigint check (activations > 0),
    state text not null check (state in ('assigned', 'revealed', 'revoked')),
    state_at bigint not null,
    primary key (partner_id, order_id, line, id),
    unique (partner_id, digest),
    foreign key (partner_id, order_id) references orders (partner_id, id)
);

-- The ledger. Rows are inserted and never changed; a charge is taken back once at most.
create table charges (
    partner_id text not null,
    order_id text not null,
    id text not null,
    customer_id text not null,
    line bigint not null,
    kind text not null check (kind in ('new', 'cancelImmediate')),
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
    unique (partner_id, order_id, reverses),
    foreign key (partner_id, order_id) references orders (partner_id, id),
    check ((period_first is null) = (period_last is null)),
    check ((kind = 'cancelImmediate') = (reverses is not null))
);

-- Work for later, written in the transaction that causes it; every kind of work can run twice.
create table jobs (
    partner_id text not null,
    id text not null,
    kind text not null check (kind in ('provision')),
    subject text not null,
    due_at bigint not null,
    attempts bigint not null,
    last_error text,
    primary key (partner_id, id)
);
create index jobs_due on jobs (due_at);

-- The activity log. Rows are inserted and never changed. Ids are ordered by time, so the key is the reading order.
create table audit (
    partner_id text not null,
    id text not null,
    at bigint not null,
    operation text not null,
    resource text not null,
    resource_id text not null,
    customer_id text,
    customer_name text,
    outcome text not null check (outcome in ('succeeded', 'failed')),
    actor_kind text not null check (actor_kind in ('application', 'user', 'system')),
    actor_id text not null,
    actor_name text not null,
    before_facts text not null,
    after_facts text not null,
    request_id text not null,
    correlation_id text not null,
    primary key (partner_id, id)
);

-- Answers already given, so that a call sent twice is answered twice and done once.
create table replays (
    partner_id text not null,
    request_id text not null,
    call text not null,
    status bigint not null,
    body text not null,
    sealed bigint not null check (sealed in (0, 1)),
    answered_at bigint not null,
    primary key (partner_id, request_id, call)
);
create index replays_age on replays (answered_at);
