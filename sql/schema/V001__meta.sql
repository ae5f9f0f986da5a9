-- The ground floor: schemas, the ledger of runs, positions, rejects, dirty days and the state of models, rules and messages.
-- Flyway keeps its history in meta too. Forward only: a later file changes what stands here.

create schema if not exists landing;
create schema if not exists staging;
create schema if not exists star;
create schema if not exists report;

-- One row a run of anything that writes data. A run that ended without an answer (a crash) becomes 'interrupted'.
create table meta.runs (
  run_id        bigint generated always as identity primary key,
  source        text        not null,
  kind          text        not null,
  started_at    timestamptz not null default clock_timestamp(),
  finished_at   timestamptz,
  status        text        not null default 'running'
                check (status in ('running', 'ok', 'unchanged', 'held', 'failed', 'interrupted')),
  window_from   timestamptz,
  window_to     timestamptz,
  rows_read     bigint      not null default 0,
  rows_inserted bigint      not null default 0,
  rows_deleted  bigint      not null default 0,
  rows_rejected bigint      not null default 0,
  data_as_of    timestamptz,
  error         text
);
create index runs_by_source on meta.runs (source, run_id desc);

-- Where each source has got to. The epoch is raised by each writer that takes the source; a commit with an old one is refused.
create table meta.offsets (
  source     text        primary key,
  epoch      bigint      not null default 0,
  position   jsonb       not null default '{}',
  updated_at timestamptz not null default clock_timestamp()
);

-- What could not be applied, with what is needed to apply it after all. One row a record, however often it comes again.
create table meta.rejects (
  reject_id   bigint generated always as identity primary key,
  run_id      bigint      not null,
  source      text        not null,
  relation    text        not null,
  line        bigint      not null,
  column_name text,
  reason      text        not null,
  columns     text[]      not null,
  record      text[]      not null,
  fingerprint text        not null,
  first_seen  timestamptz not null default clock_timestamp(),
  last_seen   timestamptz not null default clock_timestamp(),
  unique (source, relation, fingerprint)
);

-- Days of a relation whose rows changed and that no dependent model has been told of yet.
create table meta.dirty (
  relation  text        not null,
  day       date        not null,
  run_id    bigint      not null,
  marked_at timestamptz not null default clock_timestamp(),
  primary key (relation, day)
);

-- Days that a model still has to recalculate.
create table meta.model_dirty (
  model     text        not null,
  day       date        not null,
  marked_at timestamptz not null default clock_timestamp(),
  primary key (model, day)
);

-- What the last load put into each day of a relation: rows and an order-free hash of them.
create table meta.window_days (
  relation text   not null,
  day      date   not null,
  rows     bigint not null,
  hash     bigint not null,
  primary key (relation, day)
);

create table meta.model_state (
  model           text primary key,
  kind            text        not null,
  covered_to      timestamptz,
  sql_hash        text,
  rows            bigint,
  last_run_id     bigint,
  last_success_at timestamptz,
  status          text        not null default 'unknown',
  error           text,
  active          boolean     not null default true
);

-- Sources that a running route reads, so that the page knows of one that has never run.
create table meta.sources (
  source        text primary key,
  kind          text        not null,
  cron          text,
  zone          text        not null default 'UTC',
  registered_at timestamptz not null default clock_timestamp(),
  active        boolean     not null default true
);

-- One row an alert rule: what it is, its last run and what its rule type remembers.
create table meta.rules (
  rule        text primary key,
  type        text        not null,
  file        text        not null,
  active      boolean     not null default true,
  status      text        not null default 'unknown',
  ends_at     timestamptz,
  state       jsonb       not null default '{}',
  last_run_at timestamptz,
  hits        bigint      not null default 0,
  matches     bigint      not null default 0,
  error       text
);

-- A silence key does not alert again before 'until'.
create table meta.silences (
  silence_key text primary key,
  rule        text        not null,
  until       timestamptz not null,
  exponent    integer     not null default 0
);

-- Messages on their way out. 'target' is the SHA-256 of the address, never the address: it is a secret.
create table meta.outbox (
  message_id bigint generated always as identity primary key,
  dedupe_key text        not null unique,
  rule       text        not null,
  channel    text        not null default 'slack',
  target     text        not null,
  payload    jsonb       not null,
  status     text        not null default 'pending' check (status in ('pending', 'sending', 'sent', 'failed')),
  attempts   integer     not null default 0,
  not_before timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default clock_timestamp(),
  sent_at    timestamptz,
  error      text
);
create index outbox_due on meta.outbox (target, message_id) where status in ('pending', 'sending');

-- The last word on each file that an operator or analyst may edit while Serai runs.
create table meta.edits (
  file      text primary key,
  status    text        not null check (status in ('accepted', 'refused')),
  line      integer,
  reason    text,
  edited_at timestamptz not null default clock_timestamp()
);
