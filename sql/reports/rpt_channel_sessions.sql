-- @kind    view
-- @grain   period, starts_on, channel
-- @reads   fact_web_sessions_day, dim_channels
-- @owner   growth
-- @about   One row per day or week (period) and marketing channel: sessions, signups and the share of sessions that sign up.
--
-- Weeks start on Monday. The newest days can still change, and the current week is incomplete.
with by_day as (
  select
    f.date_key,
    coalesce(c.channel, 'unknown') as channel,
    f.sessions,
    f.engaged,
    f.signups
  from fact_web_sessions_day f
  left join dim_channels c on c.channel_key = f.channel_key
),
by_period as (
  select 'day' as period, date_key as starts_on, channel, sessions, engaged, signups from by_day
  union all
  select 'week', date_trunc('week', date_key)::date, channel, sessions, engaged, signups from by_day
)
select
  period,
  starts_on,
  channel,
  sum(sessions)::bigint as sessions,
  sum(engaged)::bigint as engaged,
  sum(signups)::bigint as signups,
  round(sum(signups)::numeric / nullif(sum(sessions), 0), 4) as conversion
from by_period
group by 1, 2, 3
