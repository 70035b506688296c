-- What happened to a line and to a key, and when: the state says only what it came to.
alter table order_lines add column fulfilled_at bigint;
update order_lines set fulfilled_at = state_at where state = 'fulfilled';

alter table product_keys add column assigned_at bigint;
alter table product_keys add column revealed_at bigint;
update product_keys set assigned_at = state_at where state = 'assigned';
update product_keys set revealed_at = state_at where state = 'revealed';
