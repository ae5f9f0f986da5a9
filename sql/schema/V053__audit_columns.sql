-- The columns of replicate.audit-columns that a table lacks at its source; null before it was looked at.
alter table meta.replicated_tables add column lacks text[];

-- Tables of replicated sources whose rows do not say when and by whom they were made and changed.
create view meta.tables_without_audit as
  select source, source_table, relation, lacks from meta.replicated_tables where lacks <> '{}';
