-- What the rows of the page and the notices to operators need beside what stands.

-- Up to when a source has brought the whole of a relation. A relation is complete up to the least of its sources.
create table meta.completeness (
  relation    text        not null,
  source      text        not null,
  complete_to timestamptz not null,
  primary key (relation, source)
);

-- Failed tries since the last success, and when the next one follows outside the schedule.
alter table meta.sources
  add column attempt  bigint not null default 0,
  add column next_try timestamptz;

alter table meta.model_state
  -- up to when its rows are complete, by what its inputs were when it was last refreshed; infinity without a limit
  add column complete_to timestamptz,
  -- since when it has the present status
  add column since  timestamptz,
  -- the model that could not be refreshed, for one that waits for it
  add column cause  text,
  -- models, and relations of landing and app, that it reads
  add column reads  text[] not null default '{}';

-- Runs of routes that are no import, and their failures. An instance has rows of its own.
create table meta.route_runs (
  instance      text        not null,
  route         text        not null,
  last_run_at   timestamptz,
  last_ok_at    timestamptz,
  failing_since timestamptz,
  failures      bigint      not null default 0,
  error         text,
  primary key (instance, route)
);

-- What operators have a message about, and none yet that it is over.
create table meta.troubles (
  section     text        not null,
  name        text        not null,
  cause       text        not null,
  -- it waits for another row, whose message names it
  waits       boolean     not null default false,
  since       timestamptz not null,
  notified_at timestamptz not null default clock_timestamp(),
  primary key (section, name)
);
insert into meta.troubles (section, name, cause, since)
  select 'rules', rule, coalesce(left(error, 500), ''), coalesce(failing_since, clock_timestamp())
  from meta.rules where failure_notified;
alter table meta.rules drop column failure_notified;
