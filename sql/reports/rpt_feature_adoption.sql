-- @kind    view
-- @grain   feature
-- @reads   fact_feature_use, fact_user_day, dim_features, dim_members
-- @owner   growth
-- @title   Which features do people use, and how much?
-- @group   Features
-- @chart   scatter depth over breadth by feature
-- @format  breadth percent, depth decimal
-- @about   One row per feature: its use in the last 28 days, with today.
-- @column  breadth users of it among all who were active
-- @column  depth uses for each user of it
--
-- Colleagues and test accounts are left out. An invitation alone makes nobody active, so breadth can pass 1.
with last as (
  select max(date_key) as day from fact_user_day
),
active as (
  select count(*) as people
  from fact_user_day f
  join dim_members m on m.user_key = f.user_key
  where f.date_key = (select day from last) and f.active_28 and not m.is_internal and not m.is_test
),
used as (
  select f.feature_key, count(distinct f.user_key) as users, sum(f.uses) as uses
  from fact_feature_use f
  join dim_members m on m.user_key = f.user_key
  where f.date_key > (select day from last) - 28 and not m.is_internal and not m.is_test
  group by 1
)
select
  d.code as feature,
  d.area,
  coalesce(u.users, 0) as users,
  coalesce(u.uses, 0)::bigint as uses,
  round(coalesce(u.users, 0)::numeric / nullif(a.people, 0), 4) as breadth,
  round(u.uses / u.users, 2) as depth
from dim_features d
cross join active a
left join used u on u.feature_key = d.feature_key
