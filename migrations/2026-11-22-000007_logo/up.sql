-- The picture a house's documents carry, as PNG, and the SHA-256 of it.
create table logos (
    partner_id text not null primary key,
    picture bytea not null,
    digest text not null
);
