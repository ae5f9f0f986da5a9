-- @kind    recalc
-- @grain   user_key, date_key
-- @reads   stg_logins
-- @window  date_key by day from stg_logins.login_at zone UTC
-- @late    dirty
-- @owner   growth
-- @about   One row per user and day on which they logged in.
select
  user_key,
  (login_at at time zone 'UTC')::date as date_key,
  count(*) as logins,
  min(login_at) as first_login_at,
  max(login_at) as last_login_at,
  -- the device with most logins on that day; of equal ones the first by name
  mode() within group (order by device) as main_device
from stg_logins
where login_at >= :from and login_at < :to
group by 1, 2
