-- A range of a copy whose query lasts too long at the source is divided; very few rows may take any time.
alter table meta.copy_ranges add column rows integer not null default 50000;
comment on column meta.copy_ranges.rows is 'the rows that the range had at most when it was made';
