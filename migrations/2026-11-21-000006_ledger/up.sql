-- Further cycles of a term, and terms that renew. What pays for the same days of the same line is charged once, however
-- often and by however many servers that is tried.
alter table charges rename to charges_before;
create table charges (
    partner_id text not null,
    order_id text not null,
    id text not null,
    customer_id text not null,
    line bigint not null,
    kind text not null check (kind in ('new', 'cycleCharge', 'renew', 'cancelImmediate', 'customerCredit')),
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
    check ((kind in ('cancelImmediate', 'customerCredit')) = (reverses is not null)),
    check (reverses is null or amount <= 0)
);
insert into charges (partner_id, order_id, id, customer_id, line, kind, unit_price, effective_unit_price, quantity, amount,
    currency, includes_tax, period_first, period_last, booked_at, reverses)
    select partner_id, order_id, id, customer_id, line, kind, unit_price, effective_unit_price, quantity, amount,
    currency, includes_tax, period_first, period_last, booked_at, reverses from charges_before;
drop table charges_before;
create unique index charges_cancelled on charges (partner_id, order_id, reverses) where kind = 'cancelImmediate';
create unique index charges_once on charges (partner_id, order_id, line, coalesce(period_first, ''))
    where kind in ('new', 'cycleCharge', 'renew');
create index charges_booked on charges (partner_id, booked_at);
create index charges_customer on charges (partner_id, customer_id, booked_at, id, kind, currency, amount);

-- Through which day a subscription was charged for; those there are were charged for their whole term.
alter table subscriptions add column charged_through text not null default '';
update subscriptions set charged_through = period_last;
-- Terms did not renew before: what ended, ended, and no year since is charged now.
update subscriptions set auto_renew = 0 where period_last < cast(current_date as text);
create index subscriptions_due on subscriptions (charged_through, partner_id, id)
    where cancelled_at is null and (auto_renew = 1 or charged_through < period_last);
