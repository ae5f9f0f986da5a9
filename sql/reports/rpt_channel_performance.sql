-- @kind    view
-- @grain   channel
-- @reads   fact_web_sessions_day, fact_marketing_spend, fact_onboarding, dim_channels, dim_campaigns, dim_members
-- @owner   growth
-- @title   What does each channel cost, and what does it bring?
-- @group   Marketing
-- @chart   panels spend, sessions, signups, paid, cac by channel
-- @about   One row per marketing channel: the last 90 days, up to the last day with web sessions.
-- @column  spend in the smallest unit of currency, by the channel of its campaign
-- @column  currency the one in which most was spent
-- @column  left_out rows of spend in other currencies, which are not added
-- @column  signups people who signed up in these days and came by the channel
-- @column  activated those of them who were activated since
-- @column  paid those of them whose team has paid
-- @column  cac spend for each of them who paid
--
-- Colleagues and test accounts are left out.
with bounds as (
  select max(date_key) as last from fact_web_sessions_day
),
visits as (
  select coalesce(c.channel, 'unknown') as channel, sum(f.sessions) as sessions
  from fact_web_sessions_day f
  join bounds b on f.date_key > b.last - 90
  left join dim_channels c on c.channel_key = f.channel_key
  group by 1
),
recent as (
  select c.channel, f.currency, f.spend_minor
  from fact_marketing_spend f
  join bounds b on f.date_key > b.last - 90 and f.date_key <= b.last
  join dim_campaigns c on c.campaign_key = f.campaign_key
),
main as (
  select currency from recent group by 1 order by sum(spend_minor) desc, 1 limit 1
),
spent as (
  select
    r.channel,
    sum(r.spend_minor) filter (where r.currency = m.currency) as spend,
    count(*) filter (where r.currency <> m.currency) as left_out
  from recent r
  cross join main m
  group by 1
),
people as (
  select m.signup_channel as channel, count(*) as signups, count(o.activated_at) as activated, count(o.paid_at) as paid
  from dim_members m
  join bounds b on m.signup_date > b.last - 90 and m.signup_date <= b.last
  left join fact_onboarding o on o.user_key = m.user_key
  where not m.is_internal and not m.is_test
  group by 1
),
channels as (
  select channel from visits
  union
  select channel from spent
  union
  select channel from people
)
select
  c.channel,
  s.spend::bigint as spend,
  case when s.spend is not null then (select currency from main) end as currency,
  coalesce(s.left_out, 0) as left_out,
  coalesce(v.sessions, 0)::bigint as sessions,
  coalesce(p.signups, 0) as signups,
  coalesce(p.activated, 0) as activated,
  coalesce(p.paid, 0) as paid,
  round(s.spend / nullif(p.paid, 0), 0)::bigint as cac
from channels c
left join visits v on v.channel = c.channel
left join spent s on s.channel = c.channel
left join people p on p.channel = c.channel
