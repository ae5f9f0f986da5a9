-- @kind    view
-- @reads   app.subscription_events
-- @owner   finance
-- @about   One row per change of a team's subscription.
select
  id as event_id,
  team_id,
  kind,
  plan_from,
  plan_to,
  seats_delta,
  mrr_delta_minor,
  event_at
from app.subscription_events
