-- What a command asks of the running process, which alone writes: to import a source or to refresh the models now.
create table meta.requests (
  request_id   bigint      generated always as identity primary key,
  verb         text        not null,
  target       text        not null,
  requested_by text        not null,
  requested_at timestamptz not null default clock_timestamp(),
  status       text        not null default 'waiting'
               check (status in ('waiting', 'running', 'done', 'refused', 'withdrawn')),
  answer       text,
  answered_at  timestamptz
);
create index requests_waiting on meta.requests (request_id) where status = 'waiting';
