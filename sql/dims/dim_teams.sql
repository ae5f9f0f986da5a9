-- @kind    table
-- @grain   team_key
-- @reads   stg_teams, stg_members, stg_subscriptions, seed_country, dim_plans
-- @fk      plan_key in dim_plans
-- @owner   growth
-- @about   One row per team as it is now, and one with key 0 for unknown.
-- @column  members accounts of the team
-- @column  size_band by the number of members
-- @column  mrr_minor revenue of a month in the smallest unit of currency; 0 without a subscription
-- @column  is_internal whether its owner is a colleague or a test account
--
-- A team has the plan of its subscription. Its name and address are not kept.
select
  t.team_key,
  t.team_id,
  t.created_on as created_date,
  t.gone_date,
  case when s.status = 'active' then coalesce(p.plan_key, 0) else 0 end as plan_key,
  case when s.status = 'active' then s.seats else 0 end as seats_bought,
  coalesce(m.members, 0) as members,
  case
    when coalesce(m.members, 0) <= 1 then '1'
    when m.members <= 5 then '2 to 5'
    when m.members <= 20 then '6 to 20'
    else 'over 20'
  end as size_band,
  t.industry,
  coalesce(star.key_of(c.iso2), 0) as country_key,
  coalesce(o.user_key, 0) as owner_user_key,
  coalesce(s.status, 'none') as status,
  case when s.status = 'active' then s.mrr_minor else 0 end as mrr_minor,
  s.currency,
  coalesce(o.is_internal or o.is_test, false) as is_internal
from stg_teams t
left join stg_subscriptions s on s.team_id = t.team_id
left join dim_plans p on p.code = s.plan_code
left join stg_members o on o.user_id = t.owner_id
left join seed_country c on c.iso2 = t.country
left join (select team_id, count(*) as members from stg_members group by 1) m on m.team_id = t.team_id
union all
select 0, null, null, null, 0, 0, 0, '1', null, 0, 0, 'none', 0, null, false
