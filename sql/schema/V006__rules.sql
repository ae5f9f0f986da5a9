-- How an alert rule keeps its times: thousands of rules are written every few seconds, so a quiet run touches no index and not the state.

alter table meta.rules
  add column run_every_ms  bigint,
  -- after this time every document taken is remembered in 'state'
  add column seen_from     timestamptz,
  -- runs done; runs that were due while the one before went on, and were merged into the next
  add column runs          bigint  not null default 0,
  add column merged_runs   bigint  not null default 0,
  -- of the last run: how late it started, and how long it took
  add column lag_ms        bigint,
  add column last_run_ms   bigint,
  add column due_at        timestamptz,
  add column failing_since timestamptz,
  -- an operator's word: the rule is loaded, but does not run
  add column disabled      boolean not null default false;

-- what older versions kept inside the state
update meta.rules set runs = coalesce((state ->> 'run')::bigint, 0), seen_from = (state ->> 'from')::timestamptz,
  state = state - 'run' - 'from';

alter table meta.rules set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.5, autovacuum_analyze_scale_factor = 10);

-- the page counts what was told of each rule
create index outbox_sent_by_rule on meta.outbox (rule) where status = 'sent';
