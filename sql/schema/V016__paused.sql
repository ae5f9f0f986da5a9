-- What an operator paused: a source that is not imported, or a model that is not refreshed, by any instance, until it is resumed.
create table meta.paused (
  kind      text        not null check (kind in ('source', 'model')),
  name      text        not null,
  paused_by text        not null,
  why       text,
  since     timestamptz not null default clock_timestamp(),
  primary key (kind, name)
);

-- The table that a source loaded last.
alter table meta.sources add column target text;
