-- Rows that a run found with other values and changed in place; rows_inserted has only the new ones.
alter table meta.runs add column rows_updated bigint not null default 0;
