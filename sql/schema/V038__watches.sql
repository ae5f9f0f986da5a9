-- What models need to know of changes in relations that they read, besides their changed days. Writers read it at the
-- beginning of a write.
create table meta.watches (
  id        bigint generated always as identity primary key,
  relation  text   not null,
  kind      text   not null check (kind in ('window', 'key', 'range', 'read')),
  columns   text[] not null,
  reads     text[] not null,
  consumer  text   not null,
  unique (relation, kind, columns, reads, consumer)
);
comment on column meta.watches.columns is 'whose values are recorded of a changed row: the time that dates it, a key, the ends of a range, or none';
comment on column meta.watches.reads is 'a row counts as changed when one of these or of columns changes';

-- Values of changed rows, old and new, that were not handed on yet; null for all.
create table meta.dirty_keys (
  id        bigint generated always as identity primary key,
  watch     bigint not null,
  values    text[],
  marked_at timestamptz not null default clock_timestamp()
);

-- Whether all writers know of the watches of a model. Until then it is not calculated.
alter table meta.model_state add column watching boolean not null default false;

create or replace function meta.mark_dirty(relation regclass, first_day date, last_day date) returns void
language sql as $$
  insert into meta.dirty (relation, day, run_id)
  select n.nspname || '.' || c.relname, day::date, 0
  from pg_class c join pg_namespace n on n.oid = c.relnamespace,
    generate_series(first_day::timestamp, last_day::timestamp, interval '1 day') day
  where c.oid = relation;
  insert into meta.dirty_keys (watch)
  select w.id from meta.watches w, pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid = mark_dirty.relation and w.relation = n.nspname || '.' || c.relname
$$;
