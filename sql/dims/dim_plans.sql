-- @kind    table
-- @grain   plan_key
-- @reads   stg_plans
-- @owner   finance
-- @about   One row per plan, and one with key 0 for none.
--
-- The price is that of a seat and month, in the smallest unit of the team's currency.
select
  star.key_of(plan_code) as plan_key,
  plan_code as code,
  name,
  price_minor as list_price_minor,
  tier as tier_rank,
  price_minor > 0 as is_paid
from stg_plans
union all
select 0, null, 'None', 0, -1, false
