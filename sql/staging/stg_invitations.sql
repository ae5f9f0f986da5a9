-- @kind    view
-- @reads   app.invitations
-- @owner   growth
-- @about   One row per invitation, without the address that it was sent to.
select
  id as invitation_id,
  team_id,
  invited_by,
  kind,
  sent_at,
  opened_at,
  accepted_at
from app.invitations
