-- @kind    view
-- @reads   app.meetings
-- @owner   growth
-- @about   One row per meeting, without its title and its transcript.
select
  id as meeting_id,
  team_id,
  host_id,
  coalesce(lower(nullif(trim(integration), '')), 'none') as integration,
  held_at,
  minutes,
  attendees,
  external_attendees
from app.meetings
