-- What a document says beside its amounts is kept as it was when it was issued: the term each charge belongs to, and what
-- customers and products were called.
alter table charges add column term_first text;
alter table charges add column term_last text;
update charges set
    term_first = (select l.period_first from order_lines l
        where l.partner_id = charges.partner_id and l.order_id = charges.order_id and l.number = charges.line),
    term_last = (select l.period_last from order_lines l
        where l.partner_id = charges.partner_id and l.order_id = charges.order_id and l.number = charges.line);

create table invoice_customers (
    partner_id text not null,
    number text not null,
    customer_id text not null,
    company_name text not null,
    domain text not null,
    country text not null,
    primary key (partner_id, number, customer_id),
    foreign key (partner_id, number) references invoices (partner_id, number)
);
insert into invoice_customers (partner_id, number, customer_id, company_name, domain, country)
    select distinct i.partner_id, i.number, c.id, c.company_name, c.domain, c.country
    from invoices i
    join charges g on g.partner_id = i.partner_id and g.currency = i.currency
        and g.booked_at >= i.from_at and g.booked_at < i.to_at
    join customers c on c.partner_id = g.partner_id and c.id = g.customer_id;

-- What a line's product was called when it was bought, and who made it.
alter table order_lines add column product text not null default '';
alter table order_lines add column publisher text not null default '';
update order_lines set
    product = coalesce((select title from products where products.id = substr(order_lines.item, 1, 12)), ''),
    publisher = coalesce((select publisher from products where products.id = substr(order_lines.item, 1, 12)), '');

-- A region's tax may stand in place of one of the whole country: Canada's HST is one tax, and not GST and another.
alter table tax_rates add column in_place_of text;
update tax_rates set name = 'HST', in_place_of = 'GST',
    rate = case rate when '0.08' then '0.13' when '0.09' then '0.14' when '0.1' then '0.15' else rate end
    where country = 'CA' and name = 'HST (provincial part)';
