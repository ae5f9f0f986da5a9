-- @kind    view
-- @grain   week
-- @reads   fact_meetings, dim_members
-- @owner   growth
-- @title   How many meetings are held, and are notes taken?
-- @group   Features
-- @chart   multiples meetings, noted, p50, p95 over week
-- @format  noted percent, p50..p95 seconds
-- @settles 7d
-- @about   One row per week: meetings, and how long after their beginning the first note was written.
-- @column  week its Monday, in UTC
-- @column  teams that held one
-- @column  noted the share of meetings with a note
-- @column  p50 seconds to the first note; half of the meetings with notes had it sooner
--
-- Meetings of colleagues and test accounts are left out.
select
  date_trunc('week', f.date_key)::date as week,
  count(*) as meetings,
  count(distinct f.team_key) as teams,
  round(count(*)::numeric / count(distinct f.team_key), 2) as meetings_of_team,
  round(count(*) filter (where f.has_notes)::numeric / count(*), 4) as noted,
  percentile_disc(0.5) within group (order by f.notes_latency_s) as p50,
  percentile_disc(0.95) within group (order by f.notes_latency_s) as p95
from fact_meetings f
join dim_members m on m.user_key = f.host_user_key
where not m.is_internal and not m.is_test
group by 1
