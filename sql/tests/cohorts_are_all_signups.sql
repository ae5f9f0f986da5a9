-- @about  The people of all cohorts are those who signed up since the first day of fact_user_day.
-- @owner  growth
with cohorts as (
  select coalesce(sum(people), 0) as people from rpt_retention_cohorts where week_no = 0
),
signups as (
  select count(*) as people
  from dim_members
  where not is_internal and not is_test
    and signup_date between (select min(date_key) from fact_user_day) and (select max(date_key) from fact_user_day)
)
select c.people as in_cohorts, s.people as signed_up
from cohorts c
cross join signups s
where c.people <> s.people
