-- There is no way back from the first schema but an empty database.
select 1;
