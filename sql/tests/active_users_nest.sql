-- @about  People of a day are among those of 7 days, and these among those of 28 days.
-- @owner  growth
-- @sample day
select day, dau, wau, mau
from rpt_active_users
where dau > wau or wau > mau or mau > accounts
