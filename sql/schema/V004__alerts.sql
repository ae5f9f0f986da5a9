-- From match to alert: silences that count what they hold back, groups of matches that wait for their time, what was told, and what is
-- firing. All of it is written with the state of the runs, in one commit.

-- 'suppressed' counts the matches of the key that were silenced since its last message; 'since' is when that message was queued and
-- 'alert_id' which it was, so that the silence can be lifted when nobody could be reached. A row whose 'until' has passed silences nothing.
alter table meta.silences
  add column suppressed bigint not null default 0,
  add column since      timestamptz,
  add column alert_id   text;
create index silences_by_alert on meta.silences (alert_id) where alert_id is not null;
create index silences_by_until on meta.silences (until);

-- Matches that wait to be told together (ElastAlert's aggregation): one row a match, the rows of a group have one 'alert_at'.
-- 'match' is the finished match; json and not jsonb, because messages show its fields in the order of the document.
create table meta.pending_alerts (
  pending_id      bigint generated always as identity primary key,
  group_id        text        not null,
  rule            text        not null,
  aggregation_key text,
  silence_key     text        not null,
  alert_at        timestamptz not null,
  match_time      timestamptz not null,
  match           json        not null,
  identity        text        not null unique,
  added_at        timestamptz not null default clock_timestamp()
);
create index pending_alerts_by_time on meta.pending_alerts (alert_at, pending_id);
create index pending_alerts_by_rule on meta.pending_alerts (rule, group_id, pending_id);

-- Matches that were told or wait in a group: what is found again (after a catch-up, by overlapping windows) is told once.
create table meta.told (
  identity text        primary key,
  told_at  timestamptz not null
);
create index told_by_time on meta.told (told_at);

-- Alerts whose rule asks to be told of their end: the last match told of a silence key, and when it is over if no other comes.
create table meta.firing (
  rule          text        not null,
  silence_key   text        not null,
  alert_id      text        not null,
  since         timestamptz not null,
  last_match_at timestamptz not null,
  resolve_at    timestamptz not null,
  match         json        not null,
  primary key (rule, silence_key)
);
create index firing_by_alert on meta.firing (alert_id);
