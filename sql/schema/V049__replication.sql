-- Tables that are replicated from another database by its log, and how far each is.
create table meta.replicated_tables (
  source       text        not null,
  source_table text        not null,
  relation     text        not null,
  state        text        not null check (state in ('copying', 'catching_up', 'complete', 'parked')),
  -- up to here in the log a copy may have rows that are newer than the position
  copied_to    pg_lsn,
  reason       text,
  changed_at   timestamptz not null default clock_timestamp(),
  primary key (source, source_table)
);
comment on column meta.replicated_tables.state is 'copying: the first copy is not done; catching_up: it is, and the log is applied over it; parked: not followed, see reason';

-- The parts of a first copy, so that it goes on after a restart where it was.
create table meta.copy_ranges (
  source       text    not null,
  source_table text    not null,
  number       integer not null,
  -- keys; empty at the beginning and at the end of the table
  after        text[]  not null,
  up_to        text[]  not null,
  done_at      timestamptz,
  primary key (source, source_table, number)
);
