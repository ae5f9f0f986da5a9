-- @kind    view
-- @grain   week
-- @reads   fact_user_day, dim_members
-- @owner   growth
-- @title   Do more people come than go?
-- @group   Growth
-- @chart   stack new, returned, lost over week with net
-- @label   returned "Came back", lost "Left"
-- @settles 7d
-- @about   One row per week: people who were active in it, and why they are more or fewer than the week before.
-- @column  week its Monday, in UTC
-- @column  new for the first time
-- @column  retained also in the week before
-- @column  returned before, but not in the week before
-- @column  lost active in the week before and not in this one, as a negative number
-- @column  net new + returned + lost
--
-- Colleagues and test accounts are left out.
with weeks as (
  select distinct f.user_key, date_trunc('week', f.date_key)::date as week
  from fact_user_day f
  join dim_members m on m.user_key = f.user_key
  where f.is_active and not m.is_internal and not m.is_test
),
ordered as (
  select
    user_key,
    week,
    lag(week) over (partition by user_key order by week) as before,
    lead(week) over (partition by user_key order by week) as after
  from weeks
),
came as (
  select
    week,
    count(*) as active,
    count(*) filter (where before is null) as new,
    count(*) filter (where before = week - 7) as retained,
    count(*) filter (where before < week - 7) as returned
  from ordered
  group by 1
),
went as (
  select week + 7 as week, count(*) as lost
  from ordered
  where after is null or after > week + 7
  group by 1
)
select
  w::date as week,
  coalesce(c.active, 0) as active,
  coalesce(c.new, 0) as new,
  coalesce(c.retained, 0) as retained,
  coalesce(c.returned, 0) as returned,
  -coalesce(g.lost, 0) as lost,
  coalesce(c.new, 0) + coalesce(c.returned, 0) - coalesce(g.lost, 0) as net
from (select min(week) as first from weeks) f
cross join lateral generate_series(
  f.first, (select date_trunc('week', max(date_key)) from fact_user_day), interval '7 days') as w
left join came c on c.week = w::date
left join went g on g.week = w::date
