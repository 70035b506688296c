-- People sign in, programs act for them, and the log can be proved. Same columns as ever: text and bigint.

-- What is known of a person beside the name. A person who may no longer sign in is inactive; one deleted from a customer
-- is kept thirty days. tokens_from: what was issued before it no longer counts.
alter table users add column first_name text not null default '';
alter table users add column last_name text not null default '';
alter table users add column usage_location text not null default '';
alter table users add column phone text not null default '';
alter table users add column state text not null default 'active';
alter table users add column deleted_at bigint;
alter table users add column tokens_from bigint not null default 0;
alter table users add column erased_at bigint;
alter table users add column revision bigint not null default 0;

-- Second factors: an authenticator's sealed secret, a passkey, or the digest of a recovery code. last_step is the last
-- time step an authenticator's code was taken for, so that no code counts twice.
create table factors (
    partner_id text not null,
    user_id text not null,
    id text not null,
    kind text not null check (kind in ('totp', 'passkey', 'recovery')),
    name text not null,
    secret text not null,
    last_step bigint not null,
    added_at bigint not null,
    used_at bigint,
    primary key (partner_id, user_id, id)
);

-- Sessions of browsers, by the digest of the cookie's secret. Until the stage is complete it opens nothing.
create table sessions (
    partner_id text not null,
    id text not null,
    user_id text not null,
    stage text not null check (stage in ('change_password', 'enrol', 'second_factor', 'complete')),
    method text not null,
    challenge text,
    began_at bigint not null,
    seen_at bigint not null,
    ends_at bigint not null,
    factor_at bigint,
    address text not null,
    agent text not null,
    primary key (partner_id, id)
);
create index sessions_user on sessions (partner_id, user_id, id);
create index sessions_end on sessions (ends_at);

-- Failed sign-ins by account, whether or not the account exists: the key is a digest of the name that was typed.
create table attempts (
    account text not null primary key,
    failures bigint not null,
    until bigint not null,
    last_at bigint not null
);

create table password_resets (
    partner_id text not null,
    id text not null,
    user_id text not null,
    ends_at bigint not null,
    used_at bigint,
    primary key (partner_id, id)
);

-- Other houses where people may sign in (OpenID Connect). The owner is a partner, or the operator.
create table sign_in_providers (
    id text not null primary key,
    owner text not null,
    name text not null,
    issuer text not null,
    client_id text not null,
    secret text,
    scopes text not null,
    groups_claim text not null,
    group_roles text not null,
    second_factor_trusted bigint not null check (second_factor_trusted in (0, 1)),
    removed_at bigint
);

create table external_logins (
    provider_id text not null,
    subject text not null,
    partner_id text not null,
    user_id text not null,
    primary key (provider_id, subject)
);

-- What programs prove themselves with: digests of secrets, and public keys. Several count at once, for rotation.
alter table applications add column redirect_uris text not null default '';
alter table applications add column public_client bigint not null default 0;
alter table applications add column keeps_refresh_tokens bigint not null default 0;
create table application_credentials (
    client_id text not null references applications (client_id),
    id text not null,
    kind text not null check (kind in ('secret', 'key')),
    value text not null,
    hint text not null,
    added_at bigint not null,
    ends_at bigint,
    primary key (client_id, id)
);
insert into application_credentials (client_id, id, kind, value, hint, added_at, ends_at)
    select client_id, client_id, 'secret', secret_digest, '', 0, null from applications;
alter table applications drop column secret_digest;

-- Signed assertions that were used once (RFC 7523).
create table used_assertions (
    client_id text not null,
    jti text not null,
    ends_at bigint not null,
    primary key (client_id, jti)
);
create index used_assertions_end on used_assertions (ends_at);

-- Authorization codes, by digest. One use; a second use revokes what the first one gave.
create table codes (
    partner_id text not null,
    id text not null,
    client_id text not null,
    user_id text not null,
    redirect_uri text not null,
    challenge text not null,
    scope text not null,
    audience text not null,
    nonce text not null,
    methods text not null,
    signed_in_at bigint not null,
    ends_at bigint not null,
    grant_id text,
    primary key (partner_id, id)
);

create table device_codes (
    partner_id text not null,
    id text not null,
    user_code text not null,
    client_id text not null,
    scope text not null,
    audience text not null,
    state text not null check (state in ('waiting', 'allowed', 'denied', 'used')),
    user_id text,
    methods text not null,
    signed_in_at bigint not null,
    ends_at bigint not null,
    polled_at bigint not null,
    primary key (partner_id, id)
);
create index device_codes_user_code on device_codes (partner_id, user_code);

-- A person's leave for a program, with the digest of the refresh token that counts now.
create table grants (
    partner_id text not null,
    id text not null,
    user_id text not null,
    client_id text not null,
    scope text not null,
    audience text not null,
    methods text not null,
    token text not null,
    signed_in_at bigint not null,
    began_at bigint not null,
    used_at bigint not null,
    ends_at bigint not null,
    revoked_at bigint,
    primary key (partner_id, id)
);
create index grants_user on grants (partner_id, user_id, id);

-- Keys of the operator's own automation.
create table api_keys (
    id text not null primary key,
    name text not null,
    digest text not null,
    scopes text not null,
    added_at bigint not null,
    ends_at bigint,
    revoked_at bigint
);

create table partner_profiles (
    partner_id text not null,
    kind text not null check (kind in ('legalbusiness', 'billing', 'organization', 'support')),
    document text not null,
    revision bigint not null,
    primary key (partner_id, kind)
);

-- The key a person's fields in the log are sealed with, itself sealed. Erasing a person deletes the row.
create table person_keys (
    partner_id text not null,
    user_id text not null,
    sealed text not null,
    primary key (partner_id, user_id)
);

-- Jobs may send mail now; the payload of a mail is sealed.
create table work (
    partner_id text not null,
    id text not null,
    kind text not null check (kind in ('provision', 'send_mail')),
    subject text not null,
    due_at bigint not null,
    attempts bigint not null,
    last_error text,
    primary key (partner_id, id)
);
insert into work (partner_id, id, kind, subject, due_at, attempts, last_error)
    select partner_id, id, kind, subject, due_at, attempts, last_error from jobs;
drop table jobs;
create index work_due on work (due_at);

-- The activity log. A transaction puts its entry into audit_inbox; sealing moves it to audit with a number without gaps
-- and the hash that binds it to the one before. Rows of audit are inserted and never changed.
create table audit_inbox (
    partner_id text not null,
    id text not null,
    at bigint not null,
    side text not null check (side in ('partner', 'customer', 'operator')),
    operation text not null,
    resource text not null,
    resource_id text not null,
    customer_id text,
    customer_name text,
    outcome text not null check (outcome in ('succeeded', 'failed')),
    actor_kind text not null check (actor_kind in ('application', 'user', 'system')),
    actor_id text not null,
    actor_name text,
    application text,
    address text,
    personal text,
    before_facts text not null,
    after_facts text not null,
    request_id text not null,
    correlation_id text not null,
    primary key (partner_id, id)
);
insert into audit_inbox (partner_id, id, at, side, operation, resource, resource_id, customer_id, customer_name, outcome,
    actor_kind, actor_id, actor_name, application, address, personal, before_facts, after_facts, request_id, correlation_id)
    select partner_id, id, at, 'partner', operation, resource, resource_id, customer_id, customer_name, outcome,
    actor_kind, actor_id, actor_name, null, null, null, before_facts, after_facts, request_id, correlation_id from audit;
drop table audit;
create table audit (
    partner_id text not null,
    sequence bigint not null check (sequence > 0),
    hash text not null,
    id text not null,
    at bigint not null,
    side text not null check (side in ('partner', 'customer', 'operator')),
    operation text not null,
    resource text not null,
    resource_id text not null,
    customer_id text,
    customer_name text,
    outcome text not null check (outcome in ('succeeded', 'failed')),
    actor_kind text not null check (actor_kind in ('application', 'user', 'system')),
    actor_id text not null,
    actor_name text,
    application text,
    address text,
    personal text,
    before_facts text not null,
    after_facts text not null,
    request_id text not null,
    correlation_id text not null,
    primary key (partner_id, sequence)
);
create index audit_time on audit (partner_id, at, sequence);
create index audit_id on audit (partner_id, id);
create index audit_customer on audit (partner_id, customer_id, at, sequence);
create index audit_resource on audit (partner_id, resource, at, sequence);

-- Keys that sign checkpoints of the log; the private half is sealed with the operator's data key.
create table log_keys (
    id text not null primary key,
    public_key text not null,
    sealed text not null,
    added_at bigint not null
);

create table checkpoints (
    partner_id text not null,
    sequence bigint not null,
    head text not null,
    at bigint not null,
    key_id text not null,
    signature text not null,
    primary key (partner_id, sequence)
);

-- Places the log is streamed to, and how far each of them is, partner by partner.
create table log_sinks (
    id text not null primary key,
    name text not null,
    target text not null,
    token text,
    ca_file text,
    added_at bigint not null,
    removed_at bigint,
    last_error text
);

create table log_cursors (
    partner_id text not null,
    sink text not null,
    sequence bigint not null,
    primary key (partner_id, sink)
);
