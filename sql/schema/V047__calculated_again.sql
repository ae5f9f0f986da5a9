-- The definition by which all units of a model are calculated again in place; null when none is.
alter table meta.model_state add column calculating_hash text;
-- The units in which its marks and rows are counted, such as 'day UTC'; null when that was not recorded yet.
alter table meta.model_state add column units text;
