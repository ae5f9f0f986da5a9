-- @kind    view
-- @grain   step
-- @reads   fact_onboarding, dim_members
-- @owner   growth
-- @title   How long does it take until people get value?
-- @group   Onboarding
-- @chart   ranges p25, p50, p90 by step scale log
-- @format  p25..p90 minutes
-- @about   One row per step: minutes from signing up to it, of all people who have made it.
-- @column  people who have made it
-- @column  share of all people
--
-- Colleagues and test accounts are left out.
with people as (
  select o.*
  from fact_onboarding o
  join dim_members m on m.user_key = o.user_key
  where not m.is_internal and not m.is_test
)
select
  s.step,
  count(s.at) as people,
  round(count(s.at)::numeric / nullif(count(*), 0), 4) as share,
  floor(percentile_disc(0.25) within group (order by extract(epoch from s.at - p.signup_at)) / 60)::bigint as p25,
  floor(percentile_disc(0.5) within group (order by extract(epoch from s.at - p.signup_at)) / 60)::bigint as p50,
  floor(percentile_disc(0.9) within group (order by extract(epoch from s.at - p.signup_at)) / 60)::bigint as p90
from people p
cross join lateral (values
  ('first meeting', p.first_meeting_at),
  ('first note', p.first_note_at),
  ('first shared note', p.first_share_at),
  ('first invitation', p.invite_sent_at),
  ('activated', p.activated_at),
  ('paid', p.paid_at)
) as s(step, at)
group by 1
