-- How each column of a replicated table arrived, so that a rule that is added later also holds for what is there.
alter table meta.replicated_tables add column columns jsonb;
comment on column meta.replicated_tables.columns is 'by name in the warehouse: the column''s name at the source, and the kind of its mask';
