-- The table or view of each model, to find those that no file makes any more.
alter table meta.model_state add column relation text;

-- Tables and views of models that were moved to another folder, and so to another schema.
create table meta.old_relations (
  relation text        primary key,
  model    text        not null,
  kind     text        not null,
  since    timestamptz not null default clock_timestamp()
);
