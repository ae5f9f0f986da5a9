-- @about  fact_user_day has one row for each day since sign-up of each user.
-- @owner  growth
-- @severity warn
-- @sample user_key
with bounds as (
  select min(date_key) as first, max(date_key) as last from fact_user_day
),
found as (
  select f.user_key, count(*) as days
  from fact_user_day f, bounds b
  where f.date_key > b.last - 400
  group by 1
)
select m.user_key, f.days
from dim_members m
cross join bounds b
left join found f on f.user_key = m.user_key
where m.signup_date <= b.last and (m.gone_date is null or m.gone_date > b.last - 400)
  and coalesce(f.days, 0)
    <> least(b.last, coalesce(m.gone_date, b.last)) - greatest(m.signup_date, b.last - 399, b.first) + 1
