-- Past days of a source that a command wants to be imported again. The source's next runs import them, a part each, until next_day is
-- end_day; then the row goes.
create table meta.reloads (
  source       text        primary key,
  first_day    date        not null,
  -- the day after the last
  end_day      date        not null,
  next_day     date        not null,
  requested_by text        not null,
  requested_at timestamptz not null default clock_timestamp()
);
