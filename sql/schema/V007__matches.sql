-- What alert rules found, told or not, for rules that look for several of them together (source: matches). Kept for watch.keep-matches.

create table meta.matches (
  match_id   bigint generated always as identity primary key,
  rule       text        not null,
  severity   text,
  found_at   timestamptz not null,
  event_at   timestamptz not null,
  key        text,
  told       boolean     not null,
  correlated boolean     not null,
  match      jsonb       not null
);
create index matches_by_time on meta.matches (found_at);
