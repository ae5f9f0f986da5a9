-- Tests of models: those of their headers (@fk, @accepted, @expect) and the files of sql/tests.
create table meta.tests (
  test      text        primary key,
  kind      text        not null check (kind in ('file', 'fk', 'accepted', 'expect')),
  -- the model in whose transaction it runs
  model     text        not null,
  -- the relations that it reads, also through views
  reads     text[]      not null,
  hash      text        not null,
  -- of kinds file and fk: whether rows that it reads changed since it passed, so that it has to look at whole tables
  due       boolean     not null default true,
  status    text        not null default 'unknown',
  tested_at timestamptz
);

-- The tests that do not pass: how many rows, and of those of sql/tests a few, with the columns that @sample names.
create table meta.test_failures (
  test      text        primary key references meta.tests on delete cascade,
  model     text        not null,
  severity  text        not null check (severity in ('warn', 'error')),
  rows      bigint      not null,
  message   text        not null,
  sample    jsonb,
  first_at  timestamptz not null default clock_timestamp(),
  last_at   timestamptz not null default clock_timestamp()
);

-- The number of rows when @expect last judged it.
alter table meta.model_state add column judged_rows bigint;
