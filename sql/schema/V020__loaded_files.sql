-- Contents of files that a step of a route has loaded whole. One that comes again, also by another name, is not loaded again.
create table meta.loaded_files (
  source    text        not null,
  -- the id of the step's own route
  step      text        not null,
  target    text        not null,
  sha256    text        not null,
  file      text        not null,
  bytes     bigint      not null,
  run_id    bigint      not null,
  loaded_at timestamptz not null default clock_timestamp(),
  primary key (step, target, sha256)
);
