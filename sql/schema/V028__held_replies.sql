-- Replies that were held and that an operator may accept: the newest one of each source. Its rows are a file of the instance's spool.
create table meta.held (
  source      text        primary key,
  -- the run that was held
  run_id      bigint      not null,
  instance    text        not null,
  window_from timestamptz not null,
  window_to   timestamptz not null,
  reason      text        not null,
  kept_at     timestamptz not null default clock_timestamp(),
  -- who has accepted it; it is then loaded, also after a restart
  accepted_by text
);

alter table meta.runs
  -- of a run that loaded an accepted reply: who accepted it, the run that was held, and the reason that was overruled
  add column accepted_by text,
  add column accepts     bigint,
  add column overruled   text;
create index runs_accepted on meta.runs (source, run_id desc) where accepted_by is not null;

-- The days as they are in the tables.
create or replace view meta.ga4_loaded_days as
  select distinct on (d.source, d.day) d.*
  from meta.ga4_days d join meta.runs r on d.run_id in (r.run_id, r.accepts)
  where r.status in ('ok', 'unchanged')
  order by d.source, d.day, d.run_id desc;
