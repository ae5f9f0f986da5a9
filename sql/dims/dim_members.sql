-- @kind    table
-- @grain   user_key
-- @reads   stg_members, dim_teams
-- @fk      team_key in dim_teams
-- @owner   growth
-- @about   One row per account in the product's database as it is now, and one with key 0 for unknown.
-- @column  user_key the same as in dim_users
-- @column  signup_date in UTC
-- @column  gone_date the last day of the account; NULL while it is open
--
-- Reports leave out rows with is_internal or is_test. dim_users has the accounts that a Metabase report names.
select
  m.user_key,
  m.user_id,
  coalesce(t.team_key, 0) as team_key,
  m.signup_date,
  m.gone_date,
  m.country_key,
  m.country,
  m.signup_channel,
  m.locale,
  m.email_domain,
  m.role,
  m.is_internal,
  m.is_test
from stg_members m
left join dim_teams t on t.team_id = m.team_id
union all
select 0, null, 0, null, null, 0, 'Unknown', 'unknown', null, null, null, false, false
