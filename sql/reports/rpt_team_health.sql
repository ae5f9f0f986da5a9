-- @kind    view
-- @grain   team_id
-- @reads   fact_team_day, dim_teams, dim_plans
-- @owner   sales
-- @title   Which teams need more seats, and which are about to leave?
-- @group   Teams and revenue
-- @chart   panels used, active, change by team
-- @format  used percent
-- @filter  plan, finding
-- @about   One row per team with a subscription: seats in use, active people, and their change in 28 days.
-- @column  used members for each seat that was bought
-- @column  active people who were active in the last 28 days, with today
-- @column  change against 28 days before
-- @column  last_active the last day on which anyone was active
-- @column  finding expand above 80 % of the seats in use; at risk when the active people have halved
--
-- Teams are named by their id. Those of colleagues and test accounts are left out.
with bounds as (
  select max(date_key) as last from fact_team_day
),
activity as (
  select team_key, max(date_key) as last_active from fact_team_day where active_members > 0 group by 1
),
teams as (
  select
    t.team_id,
    t.team_id::text as team,
    p.name as plan,
    now.seats_bought as seats,
    now.members,
    round(now.members::numeric / nullif(now.seats_bought, 0), 4) as used,
    now.active_28 as active,
    now.active_28 - coalesce(earlier.active_28, 0) as change,
    coalesce(earlier.active_28, 0) as earlier,
    a.last_active
  from fact_team_day now
  join bounds b on b.last = now.date_key
  join dim_teams t on t.team_key = now.team_key
  join dim_plans p on p.plan_key = now.plan_key
  left join fact_team_day earlier on earlier.team_key = now.team_key and earlier.date_key = b.last - 28
  left join activity a on a.team_key = now.team_key
  where not t.is_internal and now.plan_key <> 0
)
select
  team_id,
  team,
  plan,
  seats,
  members,
  used,
  active,
  change,
  last_active,
  case when 2 * active <= earlier and earlier > 0 then 'at risk' when used > 0.8 then 'expand' else 'steady' end as finding
from teams
