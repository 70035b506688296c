-- How people read, what they are told, and what they ask of the operator. Same columns as ever.

alter table users add column language text;
alter table users add column time_zone text;
alter table users add column muted text not null default '';
