-- @kind    view
-- @reads   landing.logins
-- @owner   growth
-- @about   One row per login.
select
  login_at,
  user_id,
  star.key_of(user_id) as user_key,
  coalesce(lower(nullif(trim(device), '')), '(not set)') as device
from logins
