-- The log of MariaDB is not kept by a slot, and has the changes of all tables.
alter table meta.replicated_sources
  alter column slot drop not null,
  alter column publication drop not null;
