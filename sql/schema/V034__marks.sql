-- Marks of changed days are only added, so that a loader never waits for a refresh; the refresh deletes those that it
-- has read, by their ids.
alter table meta.dirty drop constraint dirty_pkey;
alter table meta.dirty add column id bigint generated always as identity primary key;
comment on column meta.dirty.day is 'day in UTC; -infinity for all of them';

-- What models recalculate is counted in units of their window: hours, days, weeks or months.
alter table meta.model_dirty drop constraint model_dirty_pkey;
alter table meta.model_dirty alter column day type timestamptz
  using case when isfinite(day) then day::timestamp at time zone 'UTC' else '-infinity' end;
alter table meta.model_dirty rename column day to unit;
comment on column meta.model_dirty.unit is 'when a unit of the model''s window begins; -infinity for all of them';
-- the units of a model in another zone begin at other times than its days in UTC
insert into meta.model_dirty (model, unit) select distinct model, '-infinity'::timestamptz from meta.model_dirty;
delete from meta.model_dirty where isfinite(unit);
alter table meta.model_dirty add primary key (model, unit);

-- For people who change rows by hand: all days from one to another, both included.
create function meta.mark_dirty(relation regclass, first_day date, last_day date) returns void language sql as $$
  insert into meta.dirty (relation, day, run_id)
  select n.nspname || '.' || c.relname, day::date, 0
  from pg_class c join pg_namespace n on n.oid = c.relnamespace,
    generate_series(first_day::timestamp, last_day::timestamp, interval '1 day') day
  where c.oid = relation
$$;
