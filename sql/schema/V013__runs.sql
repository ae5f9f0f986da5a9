-- Rows that a run found with other values and changed in place; rows_inserted has only the new ones.
alter table meta.runs add column rows_updated bigint not null default 0;

-- One row an instance of Serai, known by the id in its file data/instance-id. A running one renews seen_at every 15 seconds.
create table meta.instances (
  id         text        primary key,
  host       text        not null,
  pid        bigint      not null,
  version    text        not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at    timestamptz not null default clock_timestamp(),
  -- when it stopped as it should; null while it runs, and after a crash
  ended_at   timestamptz
) with (fillfactor = 50);
