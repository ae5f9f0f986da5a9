-- @kind    view
-- @reads   app.subscriptions
-- @owner   finance
-- @about   One row per team with a subscription, as it is now. Revenue is of a month, in the smallest unit.
select
  team_id,
  plan as plan_code,
  seats,
  status,
  mrr_minor,
  currency::text as currency,
  started_at,
  ended_at
from app.subscriptions
