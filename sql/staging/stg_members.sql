-- @kind    view
-- @reads   app.users, seed_country, seed_channel_rules
-- @owner   growth
-- @about   One row per account in the product's database, without what identifies a person but its id.
--
-- The product says nothing about closed accounts: fill gone_date here if yours does.
select
  u.id as user_id,
  star.key_of(u.id) as user_key,
  u.team_id,
  u.created_date as created_at,
  (u.created_date at time zone 'UTC')::date as signup_date,
  null::date as gone_date,
  coalesce(star.key_of(c.iso2), 0) as country_key,
  coalesce(c.name, 'Unknown') as country,
  coalesce(rule.channel, 'unknown') as signup_channel,
  nullif(trim(u.locale), '') as locale,
  lower(nullif(trim(u.email_domain), '')) as email_domain,
  lower(u.role) as role,
  u.is_internal,
  u.is_test
from app.users u
left join seed_country c on c.iso2 = upper(trim(u.country))
left join lateral (
  select r.channel
  from seed_channel_rules r
  where coalesce(lower(nullif(trim(u.source), '')), '(not set)') like r.source_pattern
    and coalesce(lower(nullif(trim(u.medium), '')), '(not set)') like r.medium_pattern
  order by r.priority::int
  limit 1
) rule on true
