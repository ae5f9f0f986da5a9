-- Rows that the source gave at its last load and gave no more at this one: deleted there, or dated back behind the window.
alter table meta.runs add column rows_gone bigint not null default 0;
