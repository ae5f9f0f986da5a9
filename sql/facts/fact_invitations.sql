-- @kind    upsert
-- @grain   invitation_id
-- @reads   stg_invitations, dim_members, dim_teams
-- @window  by day from stg_invitations.sent_at zone UTC
-- @late    dim_members.user_id = stg_invitations.invited_by, dim_teams.team_id = stg_invitations.team_id
-- @fk      team_key in dim_teams
-- @fk      inviter_user_key in dim_members
-- @index   date_key
-- @owner   growth
-- @about   One row per invitation, which grows: it is sent, opened and accepted.
-- @column  date_key the day in UTC on which it was sent
-- @column  kind team, or viewer of one note
select
  i.invitation_id,
  (i.sent_at at time zone 'UTC')::date as date_key,
  coalesce(t.team_key, 0) as team_key,
  coalesce(u.user_key, 0) as inviter_user_key,
  i.kind,
  i.sent_at,
  i.opened_at,
  i.accepted_at
from stg_invitations i
left join dim_members u on u.user_id = i.invited_by
left join dim_teams t on t.team_id = i.team_id
where i.sent_at >= :from and i.sent_at < :to
