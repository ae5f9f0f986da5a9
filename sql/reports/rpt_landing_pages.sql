-- @kind    view
-- @grain   page
-- @reads   fact_web_sessions_day
-- @owner   growth
-- @title   Which pages make visitors sign up?
-- @group   Marketing
-- @chart   ranges lo, rate, hi by page
-- @format  lo..hi percent
-- @about   One row per landing page: sessions of the last 28 days that signed up.
-- @column  rate sign-ups for each session
-- @column  lo the lower end of Wilson's interval of 95 %; hi is the upper one
with pages as (
  select landing_page as page, sum(sessions) as n, sum(signups) as k
  from fact_web_sessions_day
  where date_key > (select max(date_key) from fact_web_sessions_day) - 28
  group by 1
  having sum(sessions) > 0
)
select
  page,
  n::bigint as sessions,
  k::bigint as signups,
  round(k / n, 4) as rate,
  round((k + 1.9208 - 1.96 * sqrt(greatest(k * (n - k) / n, 0) + 0.9604)) / (n + 3.8416), 4) as lo,
  round((k + 1.9208 + 1.96 * sqrt(greatest(k * (n - k) / n, 0) + 0.9604)) / (n + 3.8416), 4) as hi
from pages
