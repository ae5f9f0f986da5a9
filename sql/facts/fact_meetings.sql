-- @kind    upsert
-- @grain   meeting_id
-- @reads   stg_meetings, stg_notes, dim_members, dim_teams
-- @window  by day from stg_meetings.held_at zone UTC
-- @late    stg_notes.meeting_id = stg_meetings.meeting_id, dim_members.user_id = stg_meetings.host_id, dim_teams.team_id = stg_meetings.team_id
-- @fk      team_key in dim_teams
-- @fk      host_user_key in dim_members
-- @index   date_key
-- @owner   growth
-- @about   One row per meeting that was held.
-- @column  date_key the day in UTC
-- @column  notes_latency_s seconds from the meeting's beginning to its first note; NULL without notes
select
  m.meeting_id,
  (m.held_at at time zone 'UTC')::date as date_key,
  coalesce(t.team_key, 0) as team_key,
  coalesce(u.user_key, 0) as host_user_key,
  m.host_id,
  m.integration,
  m.held_at,
  m.minutes,
  m.attendees,
  m.external_attendees,
  coalesce(n.notes, 0) > 0 as has_notes,
  coalesce(n.notes, 0)::int as notes,
  floor(extract(epoch from n.first_at - m.held_at))::bigint as notes_latency_s
from stg_meetings m
left join dim_members u on u.user_id = m.host_id
left join dim_teams t on t.team_id = m.team_id
left join (
  select meeting_id, count(*) as notes, min(created_at) as first_at from stg_notes group by 1
) n on n.meeting_id = m.meeting_id
where m.held_at >= :from and m.held_at < :to
