-- What Google Analytics stated about each day (or the first day of a week or month) that a run asked for. It is written before the
-- rows commit, with the run: the row of meta.runs, which commits with the rows, says whether it holds.
create table meta.ga4_days (
  source      text        not null,
  day         date        not null,
  run_id      bigint      not null,
  zone        text        not null,
  currency    text        not null,
  rows        bigint      not null,
  sampled     boolean     not null,
  thresholded boolean     not null,
  other_rows  boolean     not null,
  restricted  text[]      not null,
  asked_at    timestamptz not null default clock_timestamp(),
  primary key (source, day, run_id)
);

-- The days as they are in the tables.
create view meta.ga4_loaded_days as
  select distinct on (d.source, d.day) d.*
  from meta.ga4_days d join meta.runs r on r.run_id = d.run_id
  where r.status in ('ok', 'unchanged')
  order by d.source, d.day, d.run_id desc;
