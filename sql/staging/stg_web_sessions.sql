-- @kind    view
-- @reads   landing.web_sessions
-- @owner   growth
-- @about   One row per day, source, medium, campaign, landing page, country and device, as web analytics counts them.
select
  session_date,
  coalesce(lower(nullif(trim(source), '')), '(not set)') as source,
  coalesce(lower(nullif(trim(medium), '')), '(not set)') as medium,
  coalesce(nullif(trim(campaign), ''), '(not set)') as campaign,
  coalesce(nullif(trim(landing_page), ''), '(not set)') as landing_page,
  upper(nullif(trim(country), '')) as country,
  coalesce(lower(nullif(trim(device), '')), '(not set)') as device,
  coalesce(sessions, 0) as sessions,
  coalesce(users, 0) as users,
  coalesce(engaged, 0) as engaged,
  coalesce(signups, 0) as signups
from web_sessions
