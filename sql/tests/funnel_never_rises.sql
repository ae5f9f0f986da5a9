-- @about  No step of the funnel has more people than the one before, and none has fewer in more time.
-- @owner  growth
-- @sample signup_week
with steps as (
  select
    signup_week, step_no, d1, d7, d14,
    lag(d1) over by_step as d1_before, lag(d7) over by_step as d7_before, lag(d14) over by_step as d14_before
  from rpt_activation_funnel
  window by_step as (partition by signup_week order by step_no)
)
select signup_week, step_no
from steps
where d1 > d7 or d7 > d14 or d1 > d1_before or d7 > d7_before or d14 > d14_before
