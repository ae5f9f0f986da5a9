-- @kind    view
-- @grain   days
-- @reads   fact_user_day, dim_members
-- @owner   growth
-- @title   On how many days do people use the product?
-- @group   Growth
-- @chart   bars people over days
-- @about   One row per number of days, 1 to 28: people who were active on so many of the last 28 days, with today.
--
-- Colleagues and test accounts are left out.
with people as (
  select f.user_key, count(*) as days
  from fact_user_day f
  join dim_members m on m.user_key = f.user_key
  where f.is_active and f.date_key > (select max(date_key) from fact_user_day) - 28
    and not m.is_internal and not m.is_test
  group by 1
)
select d as days, count(p.user_key) as people
from generate_series(1, 28) as d
left join people p on p.days = d
group by 1
