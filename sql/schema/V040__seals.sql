-- What a once has recorded of each unit that is over: a seal, which says what its rows were when they were written, or
-- a gap, when the unit was missed and nothing was written.
create table meta.seals (
  model      text        not null,
  unit       timestamptz not null,
  rows       bigint,
  hash       numeric,
  columns    text[]      not null default '{}',
  gap        text,
  sealed_at  timestamptz not null default clock_timestamp(),
  checked_at timestamptz not null default clock_timestamp(),
  differs    boolean     not null default false,
  changed_at timestamptz,
  primary key (model, unit),
  check ((rows is null) = (gap is not null))
);
comment on column meta.seals.rows is 'how many rows the unit has; null for a gap';
comment on column meta.seals.hash is 'the sum of the hashes of the rows, in any order';
comment on column meta.seals.columns is 'the columns that are hashed, in their order';
comment on column meta.seals.gap is 'why nothing was written';
comment on column meta.seals.checked_at is 'when the table''s rows were compared with the seal last';
comment on column meta.seals.differs is 'whether the rows were others then';
comment on column meta.seals.changed_at is 'when rows of the unit changed last in the input, which a once ignores';

-- Seals and gaps that were replaced by command.
create table meta.replaced_seals (
  model       text        not null,
  unit        timestamptz not null,
  rows        bigint,
  hash        numeric,
  gap         text,
  sealed_at   timestamptz not null,
  replaced_at timestamptz not null default clock_timestamp(),
  run_id      bigint      not null
);
