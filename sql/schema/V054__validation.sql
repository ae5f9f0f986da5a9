-- Replicated tables are compared with their source, row by row.
create table meta.validations (
  source        text        not null,
  source_table  text        not null,
  state         text        not null check (state in ('pending', 'running', 'validated', 'mismatched', 'error')),
  asked_at      timestamptz not null default clock_timestamp(),
  asked_by      text,
  finished_at   timestamptz,
  rows_compared bigint      not null default 0,
  mismatches    bigint      not null default 0,
  reason        text,
  primary key (source, source_table)
);
comment on column meta.validations.state is 'pending: not compared yet; running; validated: all rows are equal; mismatched: see meta.validation_failures; error: it could not be compared, see reason';

-- In the shape of DMS's awsdms_validation_failures_v1. Keys are those of the warehouse, after masks; values are not kept.
create table meta.validation_failures (
  task_name    text        not null,
  table_owner  text        not null,
  table_name   text        not null,
  failure_time timestamptz not null default clock_timestamp(),
  key_type     text        not null default 'Row',
  key          text        not null,
  failure_type text        not null check (failure_type in ('RECORD_DIFF', 'MISSING_SOURCE', 'MISSING_TARGET')),
  details      text,
  primary key (task_name, table_owner, table_name, key)
);
comment on column meta.validation_failures.details is 'names of the columns that differ';
