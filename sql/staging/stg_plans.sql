-- @kind    view
-- @reads   app.plans
-- @owner   finance
-- @about   One row per plan, with its price of a seat and month in the smallest unit of the team's currency.
select
  code as plan_code,
  title as name,
  price_minor,
  tier
from app.plans
