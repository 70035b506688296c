-- After how many days that a document is late its partner may not buy any more; none where it may all the same.
alter table partners add column late_after bigint;
-- What was due when, over all partners.
create index invoices_due on invoices (due_on, number);
