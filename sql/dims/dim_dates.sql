-- @kind    table
-- @grain   date_key
-- @reads   seed_holidays
-- @owner   growth
-- @about   One row per day, from five years ago to two years ahead.
--
-- The fiscal year is the calendar year.
with days as (
  select day::date as date_key
  from generate_series(
    date_trunc('year', :now at time zone 'UTC') - interval '5 years',
    date_trunc('year', :now at time zone 'UTC') + interval '3 years' - interval '1 day',
    interval '1 day') as day
)
select
  d.date_key,
  extract(isoyear from d.date_key)::int as iso_year,
  extract(week from d.date_key)::int as iso_week,
  date_trunc('week', d.date_key)::date as week_start,
  date_trunc('month', d.date_key)::date as month_start,
  extract(quarter from d.date_key)::int as quarter,
  extract(year from d.date_key)::int as year,
  extract(month from d.date_key)::int as fiscal_month,
  -- 1 is Monday, 7 is Sunday
  extract(isodow from d.date_key)::int as dow,
  extract(isodow from d.date_key) in (6, 7) as is_weekend,
  (d.date_key + 1) = date_trunc('month', d.date_key + 1)::date as is_month_end,
  uk.name as holiday_uk,
  us.name as holiday_us
from days d
left join seed_holidays uk on uk.country = 'GB' and uk.day::date = d.date_key
left join seed_holidays us on us.country = 'US' and us.day::date = d.date_key
