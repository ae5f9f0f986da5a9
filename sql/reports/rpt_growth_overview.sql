-- @kind    view
-- @grain   week
-- @reads   fact_user_day, fact_team_day, fact_onboarding, dim_members, dim_teams
-- @owner   growth
-- @title   How does the product grow?
-- @group   Growth
-- @chart   multiples signups, activated, wau, teams over week
-- @tile    signups, activated, wau, teams
-- @settles 7d
-- @about   One row per week: people who signed up, were activated and were active, and teams that pay.
-- @column  week its Monday, in UTC
-- @column  activated people who shared their first note in it, or held their second meeting with notes in 7 days
-- @column  wau people who were active in it
-- @column  teams that pay at its end, or now
-- @column  signups_before the same of the week before, as of the others
--
-- Colleagues and test accounts are left out. Revenue is in rpt_mrr_movements: it has several currencies.
with people as (
  select user_key, signup_date from dim_members where not is_internal and not is_test
),
active as (
  select date_trunc('week', f.date_key)::date as week, count(distinct f.user_key) filter (where f.is_active) as wau
  from fact_user_day f
  join people p on p.user_key = f.user_key
  group by 1
),
signups as (
  select date_trunc('week', signup_date)::date as week, count(*) as signups from people group by 1
),
activated as (
  select date_trunc('week', o.activated_at at time zone 'UTC')::date as week, count(*) as activated
  from fact_onboarding o
  join people p on p.user_key = o.user_key
  where o.activated_at is not null
  group by 1
),
paying as (
  select date_trunc('week', f.date_key)::date as week, count(*) filter (where f.is_paying) as teams
  from fact_team_day f
  join dim_teams t on t.team_key = f.team_key
  where not t.is_internal
    and f.date_key in (select max(date_key) from fact_team_day group by date_trunc('week', date_key))
  group by 1
),
weeks as (
  select
    a.week,
    coalesce(s.signups, 0) as signups,
    coalesce(v.activated, 0) as activated,
    a.wau,
    coalesce(p.teams, 0) as teams
  from active a
  left join signups s on s.week = a.week
  left join activated v on v.week = a.week
  left join paying p on p.week = a.week
)
select
  week,
  signups,
  activated,
  wau,
  teams,
  lag(signups) over (order by week) as signups_before,
  lag(activated) over (order by week) as activated_before,
  lag(wau) over (order by week) as wau_before,
  lag(teams) over (order by week) as teams_before
from weeks
