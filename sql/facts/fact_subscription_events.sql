-- @kind    upsert
-- @grain   event_id
-- @reads   stg_subscription_events, stg_subscriptions, dim_teams
-- @window  by day from stg_subscription_events.event_at zone UTC
-- @late    stg_subscriptions.team_id = stg_subscription_events.team_id, dim_teams.team_id = stg_subscription_events.team_id
-- @fk      team_key in dim_teams
-- @accepted kind in new, trial_start, trial_convert, expand, contract, churn, reactivate
-- @index   date_key
-- @owner   finance
-- @about   One row per change of a team's subscription.
-- @column  mrr_delta_minor change of the revenue of a month, in the smallest unit of currency
select
  e.event_id,
  (e.event_at at time zone 'UTC')::date as date_key,
  coalesce(t.team_key, 0) as team_key,
  star.key_of(e.plan_from) as plan_from_key,
  star.key_of(e.plan_to) as plan_to_key,
  e.kind,
  e.seats_delta,
  e.mrr_delta_minor,
  coalesce(s.currency, 'XXX') as currency,
  e.event_at
from stg_subscription_events e
left join stg_subscriptions s on s.team_id = e.team_id
left join dim_teams t on t.team_id = e.team_id
where e.event_at >= :from and e.event_at < :to
