-- @kind    upsert
-- @grain   user_id
-- @reads   stg_members, fact_meetings, stg_notes, stg_invitations, stg_subscription_events
-- @window  by day from stg_members.created_at zone UTC
-- @late    fact_meetings.host_id = stg_members.user_id, stg_notes.author_id = stg_members.user_id, stg_invitations.invited_by = stg_members.user_id, stg_subscription_events.team_id = stg_members.team_id
-- @fk      user_key in dim_members
-- @owner   growth
-- @about   One row per account with the first time of each step. What has not happened is NULL.
-- @column  first_share_at when a note of theirs was shared for the first time
-- @column  second_week_return_at first activity on days 7 to 13 after sign-up
-- @column  activated_at first shared note, or second meeting with notes within 7 days, whichever came first
-- @column  paid_at when their team paid for the first time, and not before sign-up
with held as (
  select
    host_id,
    held_at,
    has_notes,
    lag(held_at) over (partition by host_id, has_notes order by held_at, meeting_id) as before
  from fact_meetings
),
meetings as (
  select
    host_id as user_id,
    min(held_at) as first_at,
    min(held_at) filter (where has_notes and held_at <= before + interval '7 days') as second_noted_at
  from held
  group by 1
),
notes as (
  select author_id as user_id, min(created_at) as first_at, min(first_shared_at) as first_share_at
  from stg_notes
  group by 1
),
invitations as (
  select invited_by as user_id, min(sent_at) as first_at from stg_invitations group by 1
),
active as (
  select host_id as user_id, held_at as at from fact_meetings
  union all
  select author_id, created_at from stg_notes
),
returns as (
  select a.user_id, min(a.at) as first_at
  from active a
  join stg_members u on u.user_id = a.user_id
  where (a.at at time zone 'UTC')::date - u.signup_date between 7 and 13
  group by 1
),
payers as (
  select team_id, min(event_at) as first_at from stg_subscription_events where mrr_delta_minor > 0 group by 1
)
select
  u.user_id,
  u.user_key,
  u.created_at as signup_at,
  m.first_at as first_meeting_at,
  n.first_at as first_note_at,
  n.first_share_at,
  i.first_at as invite_sent_at,
  r.first_at as second_week_return_at,
  least(n.first_share_at, m.second_noted_at) as activated_at,
  case when p.first_at is not null then greatest(p.first_at, u.created_at) end as paid_at
from stg_members u
left join meetings m on m.user_id = u.user_id
left join notes n on n.user_id = u.user_id
left join invitations i on i.user_id = u.user_id
left join returns r on r.user_id = u.user_id
left join payers p on p.team_id = u.team_id
where u.created_at >= :from and u.created_at < :to
