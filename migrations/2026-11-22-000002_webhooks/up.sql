-- Where a partner is told by a call what happened to what it bought. One a partner.
create table webhooks (
    partner_id text not null primary key references partners (partner_id),
    subscriber_id text not null,
    url text not null,
    -- The names of the events, separated by spaces.
    events text not null,
    own_header bigint not null check (own_header in (0, 1)),
    changed_at bigint not null,
    -- Until when, by the wall clock, a server is calling: one call at a time.
    calling_until bigint not null
);

-- What is told, and how that went. What waits is due at an instant; what was given up stays until somebody sends it again.
create table webhook_deliveries (
    partner_id text not null references partners (partner_id),
    id text not null,
    event text not null,
    customer_id text,
    subject text not null,
    audit_id text not null,
    happened_at bigint not null,
    state text not null check (state in ('waiting', 'delivered', 'failed')),
    due_at bigint not null,
    attempts bigint not null,
    tried_at bigint,
    tried_url text,
    answer bigint,
    trouble text,
    primary key (partner_id, id)
);

create index webhook_deliveries_by_due on webhook_deliveries (state, due_at);
create index webhook_deliveries_by_state on webhook_deliveries (partner_id, state, id);

-- The certificates by which receivers check who calls, with the keys, sealed.
create table webhook_certificates (
    id text not null primary key,
    certificate text not null,
    sealed text not null,
    drawn_at bigint not null
);
