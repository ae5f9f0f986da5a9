-- @kind    upsert
-- @grain   note_id
-- @reads   stg_notes, stg_meetings, dim_members, dim_teams
-- @window  by day from stg_notes.created_at zone UTC
-- @late    stg_meetings.meeting_id = stg_notes.meeting_id, dim_members.user_id = stg_notes.author_id
-- @fk      team_key in dim_teams
-- @fk      author_user_key in dim_members
-- @index   date_key
-- @owner   growth
-- @about   One row per note, which grows: it is written, shared and viewed.
-- @column  date_key the day in UTC on which it was written
select
  n.note_id,
  (n.created_at at time zone 'UTC')::date as date_key,
  n.meeting_id,
  coalesce(t.team_key, 0) as team_key,
  coalesce(u.user_key, 0) as author_user_key,
  n.created_at,
  n.first_shared_at,
  (n.first_shared_at at time zone 'UTC')::date as first_shared_date_key,
  (n.last_viewed_at at time zone 'UTC')::date as last_viewed_date_key,
  n.words,
  n.action_items,
  n.shares
from stg_notes n
left join stg_meetings m on m.meeting_id = n.meeting_id
left join dim_members u on u.user_id = n.author_id
left join dim_teams t on t.team_id = m.team_id
where n.created_at >= :from and n.created_at < :to
