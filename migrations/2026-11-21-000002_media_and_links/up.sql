-- What a product comes as, the links by which it is downloaded, and what a key's opening may need. Same columns as ever.

alter table skus add column key_pattern text;
-- How many activations came with the key, for when it goes back to stock.
alter table product_keys add column imported_activations bigint;
-- How many activations a licence allows; 0 where the product counts none.
alter table products add column activation_factor bigint not null default 2;

-- A product's versions; each begins with its first key or medium; those of an installation that was there, before it. low_stock: how few keys raise the alarm, which is
-- raised once and lowered when keys arrive.
create table product_versions (
    product_id text not null references products (id),
    version text not null,
    since bigint not null,
    low_stock bigint not null check (low_stock >= 0),
    alarmed bigint not null check (alarmed in (0, 1)),
    primary key (product_id, version)
);

insert into product_versions (product_id, version, since, low_stock, alarmed)
select product_id, version, 0, 5, 0 from key_stock where true group by product_id, version
on conflict do nothing;
insert into product_versions (product_id, version, since, low_stock, alarmed)
select product_id, version, 0, 5, 0 from product_keys where true group by product_id, version
on conflict do nothing;

-- Files a product comes as. A medium never changes; one that is removed stays as a record without its file.
create table media (
    id text not null primary key,
    product_id text not null references products (id),
    version text not null,
    language text not null,
    bits text not null check (bits in ('32', '64', 'arm64')),
    file_type text not null,
    platform text not null check (platform in ('windows', 'linux', 'macos', 'any')),
    name text not null,
    size bigint not null check (size > 0),
    sha256 text not null,
    object text not null,
    added_at bigint not null,
    removed_at bigint
);
create unique index media_choice on media (product_id, version, language, bits, file_type, platform) where removed_at is null;

-- Links by the digest of their secret. used counts the downloads; free_starts those that ended before they counted, and free_bytes what they were sent.
create table download_links (
    partner_id text not null,
    id text not null,
    digest text not null,
    customer_id text not null,
    order_id text not null,
    line bigint not null,
    medium_id text not null references media (id),
    side text not null check (side in ('partner', 'customer')),
    issued_by text not null,
    issued_at bigint not null,
    max_days bigint not null check (max_days > 0),
    age text not null check (age in ('from_issue', 'from_first_download')),
    max_downloads bigint check (max_downloads > 0),
    first_download_at bigint,
    used bigint not null check (used >= 0),
    free_starts bigint not null,
    free_bytes bigint not null,
    revoked_at bigint,
    primary key (partner_id, id),
    unique (partner_id, digest),
    foreign key (partner_id, order_id) references orders (partner_id, id),
    check (max_downloads is null or used <= max_downloads)
);
create index download_links_line on download_links (partner_id, order_id, line, id);
create index download_links_medium on download_links (medium_id);

-- What each client was sent through a link, as stretches of bytes; under_way is what is being sent, and beat_at when the
-- server that sends it was last heard of, by the world's clock.
create table downloads (
    partner_id text not null,
    link_id text not null,
    id text not null,
    client text not null,
    counted bigint not null check (counted in (0, 1)),
    covered text not null,
    sent bigint not null,
    forgiven bigint not null,
    resumptions bigint not null,
    under_way text not null,
    began_at bigint not null,
    last_at bigint not null,
    completed_at bigint,
    beat_at bigint not null,
    primary key (partner_id, link_id, id),
    foreign key (partner_id, link_id) references download_links (partner_id, id)
);
create index downloads_client on downloads (partner_id, link_id, client, id);
create index downloads_beat on downloads (beat_at) where under_way <> '';
create index downloads_known on downloads (last_at) where client <> '';

-- Questions whether a key may be opened, where the operator asks for a second person.
create table key_approvals (
    partner_id text not null,
    id text not null,
    customer_id text not null,
    order_id text not null,
    line bigint not null,
    version text not null,
    reason text,
    asked_by text not null,
    asked_at bigint not null,
    answered_by text,
    answered_at bigint,
    ends_at bigint not null,
    primary key (partner_id, id),
    foreign key (partner_id, order_id) references orders (partner_id, id),
    check ((answered_by is null) = (answered_at is null))
);
create index key_approvals_line on key_approvals (partner_id, order_id, line);
create index key_approvals_end on key_approvals (partner_id, ends_at);

-- What partners ask of the operator.
create table service_requests (
    partner_id text not null,
    id text not null,
    customer_id text,
    topic text not null check (topic in ('more_activations')),
    title text not null,
    description text not null,
    order_id text not null,
    line bigint not null,
    key_id text not null,
    wanted bigint not null check (wanted > 0),
    state text not null check (state in ('open', 'closed')),
    asked_by text not null,
    asked_at bigint not null,
    answer text,
    answered_at bigint,
    revision bigint not null,
    primary key (partner_id, id),
    check ((state = 'closed') = (answered_at is not null))
);
create index service_requests_state on service_requests (state, partner_id, id);

-- One key for each line and version, also when two ask at once.
create unique index product_keys_version on product_keys (partner_id, order_id, line, version);

-- A purchase is found by what was bought: links for a SKU lead to it.
create index order_lines_item on order_lines (partner_id, item, order_id);
