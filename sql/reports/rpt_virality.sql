-- @kind    view
-- @grain   week
-- @reads   fact_invitations, fact_user_day, dim_members
-- @owner   growth
-- @title   How many people does each user bring?
-- @group   Growth
-- @chart   multiples sent, accepted, k over week
-- @format  k decimal
-- @settles 14d
-- @about   One row per week in which invitations were sent.
-- @column  week its Monday, in UTC
-- @column  accepted those of this week's that were accepted, whenever that was
-- @column  active people who were active in the week
-- @column  k accepted invitations for each active person
-- @column  median_hours from sending to accepting
--
-- The product does not say which account an invitation became, so k counts accepted invitations and not activated
-- people. Colleagues and test accounts are left out.
with sent as (
  select
    date_trunc('week', f.date_key)::date as week,
    count(*) as sent,
    count(f.accepted_at) as accepted,
    floor(extract(epoch from percentile_disc(0.5) within group (order by f.accepted_at - f.sent_at)) / 3600)::bigint
      as median_hours
  from fact_invitations f
  join dim_members m on m.user_key = f.inviter_user_key
  where not m.is_internal and not m.is_test
  group by 1
),
active as (
  select date_trunc('week', f.date_key)::date as week, count(distinct f.user_key) as active
  from fact_user_day f
  join dim_members m on m.user_key = f.user_key
  where f.is_active and not m.is_internal and not m.is_test
  group by 1
)
select
  s.week,
  s.sent,
  s.accepted,
  coalesce(a.active, 0) as active,
  round(s.accepted::numeric / nullif(a.active, 0), 4) as k,
  s.median_hours
from sent s
left join active a on a.week = s.week
