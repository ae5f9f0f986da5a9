-- @kind    view
-- @grain   step_no
-- @reads   fact_invitations, dim_members
-- @owner   growth
-- @title   Do people bring others?
-- @group   Growth
-- @chart   funnel n by step
-- @about   One row per step of the invitations of the last 90 days: how many got so far.
--
-- Invitations of colleagues and test accounts are left out. rpt_virality has the weeks.
with sent as (
  select f.*
  from fact_invitations f
  join dim_members m on m.user_key = f.inviter_user_key
  where not m.is_internal and not m.is_test
    and f.date_key > (select max(date_key) from fact_invitations) - 90
)
select s.step_no, s.step, count(*) filter (where s.reached) as n
from sent
cross join lateral (values
  (1, 'sent', true),
  (2, 'opened', opened_at is not null),
  (3, 'accepted', opened_at is not null and accepted_at is not null)
) as s(step_no, step, reached)
group by 1, 2
