-- What a tax is called and how high it is somewhere, dated. An empty region is the whole country.
create table tax_rates (
    country text not null,
    region text not null,
    name text not null,
    first text not null,
    last text,
    rate text not null,
    primary key (country, region, name, first)
);

-- Who a partner is on its invoices, from a day on.
create table tax_profiles (
    partner_id text not null,
    effective_from text not null,
    country text not null,
    party text not null,
    exempt_number text,
    exempt_until text,
    entered_at bigint not null,
    primary key (partner_id, effective_from),
    foreign key (partner_id) references partners (partner_id)
);

-- Numbers without gaps: the next of each series.
create table counters (
    name text not null primary key,
    next bigint not null
);

-- An issued document. It is inserted once and never changed; its lines are the charges booked in its stretch of time.
create table invoices (
    partner_id text not null,
    number text not null,
    kind text not null check (kind in ('invoice', 'credit_note')),
    currency text not null,
    month text not null,
    from_at bigint not null,
    to_at bigint not null,
    issued_at bigint not null,
    due_on text not null,
    net bigint not null,
    tax bigint not null,
    gross bigint not null,
    charges bigint not null,
    credits bigint not null,
    seller text not null,
    buyer text not null,
    amends text not null,
    primary key (partner_id, number),
    unique (partner_id, currency, month, kind),
    check (net + tax = gross),
    check (from_at < to_at)
);
create index invoices_month on invoices (month, partner_id, number);

-- Its lines by how they are taxed, one row for each of their taxes.
create table invoice_rows (
    partner_id text not null,
    number text not null,
    place bigint not null,
    part bigint not null,
    from_at bigint not null,
    to_at bigint not null,
    includes_tax bigint not null check (includes_tax in (0, 1)),
    treatment text not null check (treatment in ('taxed', 'reverse_charge', 'exempt', 'out_of_scope')),
    certificate text,
    charges bigint not null,
    charged bigint not null,
    credits bigint not null,
    credited bigint not null check (credited >= 0),
    name text not null,
    rate text not null,
    on_charges bigint not null,
    on_credits bigint not null check (on_credits >= 0),
    primary key (partner_id, number, place, part),
    foreign key (partner_id, number) references invoices (partner_id, number)
);

-- How a tax is spread over lines of one amount: so much on each, and a minor unit more on those through a place.
create table invoice_spreads (
    partner_id text not null,
    number text not null,
    place bigint not null,
    part bigint not null,
    amount bigint not null,
    lines bigint not null,
    each bigint not null,
    extra bigint not null check (extra between 0 and lines),
    last_at bigint,
    last_id text,
    primary key (partner_id, number, place, part, amount),
    foreign key (partner_id, number, place, part) references invoice_rows (partner_id, number, place, part)
);

-- What of each tax a credit gave back, and on which document.
create table invoice_credits (
    partner_id text not null,
    number text not null,
    charge_id text not null,
    part bigint not null,
    order_id text not null,
    reverses text not null,
    place bigint not null,
    amount bigint not null check (amount >= 0),
    tax bigint not null,
    primary key (partner_id, charge_id, part),
    foreign key (partner_id, number, place, part) references invoice_rows (partner_id, number, place, part)
);
create index invoice_credits_document on invoice_credits (partner_id, number, charge_id);
create index invoice_credits_reverses on invoice_credits (partner_id, reverses);

-- Why a partner was not billed for a month yet.
create table invoice_holds (
    partner_id text not null,
    currency text not null,
    month text not null,
    why text not null,
    held_at bigint not null,
    primary key (partner_id, currency, month)
);

-- What a month comes to is added up from an index alone.
create index charges_billing on charges (partner_id, currency, booked_at, includes_tax, amount) where reverses is null;
create index charges_credits on charges (partner_id, currency, booked_at) where reverses is not null;
