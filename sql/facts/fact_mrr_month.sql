-- @kind    once
-- @grain   team_key, month_start
-- @reads   stg_subscription_events, stg_subscriptions
-- @window  month_start by month from stg_subscription_events.event_at zone UTC
-- @from    2024-01-01
-- @fill    yes
-- @owner   finance
-- @about   One row per team and month: its subscription at the month's end, as it was known then.
-- @column  mrr_minor revenue of a month, in the smallest unit of currency
-- @column  status active, or ended
--
-- A change that becomes known after a month was sealed is in the column restated of rpt_mrr_movements.
select
  star.key_of(e.team_id::text) as team_key,
  (:from at time zone 'UTC')::date as month_start,
  coalesce(min(s.currency), 'XXX') as currency,
  star.key_of((array_agg(e.plan_to order by e.event_at desc, e.event_id desc))[1]) as plan_key,
  sum(e.seats_delta)::bigint as seats,
  sum(e.mrr_delta_minor)::bigint as mrr_minor,
  case
    when (array_agg(e.plan_to order by e.event_at desc, e.event_id desc))[1] is null then 'ended' else 'active'
  end as status
from stg_subscription_events e
left join stg_subscriptions s on s.team_id = e.team_id
where e.event_at < :to
group by e.team_id
