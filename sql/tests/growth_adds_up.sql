-- @about  Those who were active a week ago, with those who came and without those who left, are those who are active.
-- @owner  growth
-- @sample week
with weeks as (
  select week, active, retained, new, returned, net, lag(active, 1, 0::bigint) over (order by week) as before
  from rpt_growth_accounting
)
select week, before, net, active
from weeks
where before + net <> active or retained + new + returned <> active
