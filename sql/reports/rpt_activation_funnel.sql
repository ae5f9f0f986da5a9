-- @kind    view
-- @grain   signup_week, step_no
-- @reads   fact_onboarding, dim_members
-- @owner   growth
-- @title   How far do new people get?
-- @group   Onboarding
-- @chart   funnel d1, d7, d14 by step
-- @label   d1 "Within a day", d7 "Within 7 days", d14 "Within 14 days"
-- @range   signup_week, last 12 weeks
-- @about   One row per week of sign-up and step: people who got so far within 1, 7 and 14 days.
-- @column  signup_week its Monday, in UTC
-- @column  d1 people who made this step and all before it within 24 hours of signing up
-- @column  median_minutes from signing up to the last of these steps, of those who made it
--
-- Colleagues and test accounts are left out. The last two weeks are not over: their people may still get further.
with people as (
  select
    date_trunc('week', m.signup_date)::date as signup_week,
    o.signup_at,
    o.first_meeting_at as met_at,
    o.first_note_at as noted_at,
    o.first_share_at as shared_at
  from fact_onboarding o
  join dim_members m on m.user_key = o.user_key
  where not m.is_internal and not m.is_test
),
steps as (
  select p.signup_week, s.step_no, s.step, s.at - p.signup_at as lag
  from people p
  cross join lateral (values
    (1, 'signed up', p.signup_at),
    (2, 'held a meeting', p.met_at),
    (3, 'wrote a note', case when p.met_at is not null and p.noted_at is not null then greatest(p.met_at, p.noted_at) end),
    (4, 'shared a note', case
      when p.met_at is not null and p.noted_at is not null and p.shared_at is not null
        then greatest(p.met_at, p.noted_at, p.shared_at) end)
  ) as s(step_no, step, at)
)
select
  signup_week,
  step_no,
  step,
  count(*) filter (where lag <= interval '1 day') as d1,
  count(*) filter (where lag <= interval '7 days') as d7,
  count(*) filter (where lag <= interval '14 days') as d14,
  floor(extract(epoch from percentile_disc(0.5) within group (order by lag)) / 60)::bigint as median_minutes
from steps
group by 1, 2, 3
