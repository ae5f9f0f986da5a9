-- @kind    view
-- @grain   day
-- @reads   fact_user_day, dim_members
-- @owner   growth
-- @title   How many people use the product?
-- @group   Growth
-- @chart   lines mau, wau, dau over day
-- @format  stickiness percent
-- @label   dau "In a day", wau "In 7 days", mau "In 28 days"
-- @range   day, last 90 days
-- @tile    mau, wau, dau, stickiness
-- @about   One row per day: people who held a meeting or wrote a note on it, in 7 days and in 28 days up to it.
-- @column  stickiness dau divided by mau
--
-- Colleagues and test accounts are left out. 28 days, so that each weekday counts as often.
select
  f.date_key as day,
  count(*) filter (where f.is_active) as dau,
  count(*) filter (where f.active_7) as wau,
  count(*) filter (where f.active_28) as mau,
  round(count(*) filter (where f.is_active)::numeric / nullif(count(*) filter (where f.active_28), 0), 4) as stickiness,
  count(*) as accounts
from fact_user_day f
join dim_members m on m.user_key = f.user_key
where not m.is_internal and not m.is_test
group by 1
