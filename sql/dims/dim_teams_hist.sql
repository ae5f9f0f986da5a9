-- @kind    scd2
-- @grain   team_id
-- @reads   stg_subscription_events
-- @owner   finance
-- @about   One row per team and version of its subscription, from the log of its changes.
-- @column  mrr_minor revenue of a month after the change
--
-- A team's version before its first change is not there: it had no subscription.
select
  team_id,
  star.key_of(team_id::text) as team_key,
  star.key_of(plan_to) as plan_key,
  (sum(seats_delta) over so_far)::bigint as seats,
  (sum(mrr_delta_minor) over so_far)::bigint as mrr_minor,
  case when plan_to is null then 'ended' else 'active' end as status,
  event_at as valid_from,
  0 as position,
  event_id as seq
from stg_subscription_events
window so_far as (partition by team_id order by event_at, event_id)
