-- How much a partner may owe, by currency: such as `EUR 5000000;SEK 40000000`, in minor units. A currency that is not named has no
-- limit.
alter table partners add column credit_limits text not null default '';
