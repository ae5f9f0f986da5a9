-- @kind    view
-- @grain   cohort, week_no
-- @reads   fact_user_day, dim_members
-- @owner   growth
-- @title   How many people come back after they signed up?
-- @group   Growth
-- @chart   cohort retained by cohort over week_no size people
-- @format  share percent
-- @about   One row per week of sign-up and week of age: how many of its people were active on days 7n to 7n + 6.
-- @column  cohort the Monday of the week of sign-up, in UTC
-- @column  people who signed up in the week
-- @column  retained NULL while not all of them are old enough
--
-- Colleagues and test accounts are left out. Weeks that began before the first day of fact_user_day are, too.
with bounds as (
  select min(date_key) as first, max(date_key) as last from fact_user_day
),
people as (
  select user_key, signup_date, date_trunc('week', signup_date)::date as cohort
  from dim_members
  where not is_internal and not is_test and signup_date is not null
),
sizes as (
  select p.cohort, count(*) as people
  from people p, bounds b
  where p.cohort >= date_trunc('week', b.first)::date and p.signup_date >= b.first and p.signup_date <= b.last
  group by 1
),
returned as (
  select p.cohort, f.days_since_signup / 7 as week_no, count(distinct f.user_key) as retained
  from fact_user_day f
  join people p on p.user_key = f.user_key
  where f.is_active
  group by 1, 2
)
select
  s.cohort,
  w as week_no,
  s.people,
  case when s.cohort + 6 + 7 * w + 6 < b.last then coalesce(r.retained, 0) end as retained,
  case when s.cohort + 6 + 7 * w + 6 < b.last then round(coalesce(r.retained, 0)::numeric / s.people, 4) end as share
from bounds b
cross join sizes s
cross join lateral generate_series(0, (b.last - s.cohort) / 7) as w
left join returned r on r.cohort = s.cohort and r.week_no = w
