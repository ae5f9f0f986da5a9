-- @kind    view
-- @reads   app.messages
-- @owner   growth
-- @about   One row per e-mail to a user.
select
  id as message_id,
  user_id,
  template,
  sent_at,
  delivered_at,
  first_open_at,
  opens,
  clicks,
  bounced_at
from app.messages
