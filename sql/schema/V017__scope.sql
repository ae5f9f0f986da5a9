-- Several sources may fill one table, each its own share of the rows. The share as the route writes it, COLUMN=VALUE,VALUE; empty for
-- the only source of a table.
alter table meta.window_days add column scope text not null default '';
alter table meta.window_days drop constraint window_days_pkey;
alter table meta.window_days add primary key (relation, scope, day);
