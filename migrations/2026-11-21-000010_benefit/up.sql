-- Which SKUs are core licences, and how many cores one unit has. A SKU is named as in a catalogue item: product:sku.
create table core_licences (
    sku text not null primary key,
    edition text not null check (edition in ('windows_standard', 'windows_datacenter', 'sql_standard', 'sql_enterprise')),
    cores bigint not null check (cores > 0)
);

-- Sizes of machines. A size is found by its name in small letters.
create table machine_sizes (
    id text not null primary key,
    name text not null,
    cores bigint not null check (cores > 0),
    flexibility text,
    ratio text
);

-- What a machine costs an hour, by size, region and currency, from a day on.
create table machine_rates (
    currency text not null,
    region text not null,
    size_id text not null,
    effective_from text not null,
    licensed text not null,
    base text not null,
    reserved_year text,
    reserved_three_years text,
    primary key (currency, region, size_id, effective_from)
);

-- Licences with Software Assurance that a customer has from elsewhere, as its partner declared them.
create table declared_licences (
    partner_id text not null,
    customer_id text not null,
    id text not null,
    edition text not null check (edition in ('windows_standard', 'windows_datacenter', 'sql_standard', 'sql_enterprise')),
    cores bigint not null check (cores > 0),
    covered_from text not null,
    covered_through text not null,
    note text not null,
    declared_at bigint not null,
    declared_by text not null,
    primary key (partner_id, customer_id, id),
    foreign key (partner_id, customer_id) references customers (partner_id, id),
    check (covered_through >= covered_from)
);

-- Core licences in use, each since a day.
create table licence_uses (
    partner_id text not null,
    customer_id text not null,
    id text not null,
    edition text not null check (edition in ('windows_standard', 'windows_datacenter', 'sql_standard', 'sql_enterprise')),
    place text not null check (place in ('azure', 'host', 'premises')),
    name text not null,
    -- The name in small letters: Azure does not tell capitals apart.
    name_key text not null,
    cores bigint not null check (cores > 0),
    started text not null,
    migrated bigint not null check (migrated in (0, 1)),
    ended text,
    recorded_at bigint not null,
    recorded_by text not null,
    primary key (partner_id, customer_id, id),
    foreign key (partner_id, customer_id) references customers (partner_id, id),
    check (ended is null or ended >= started)
);
create index licence_uses_running on licence_uses (partner_id, customer_id, ended);
