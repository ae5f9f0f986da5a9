-- @kind    view
-- @grain   user_id
-- @reads   landing.users
-- @owner   growth
-- @about   One row per account of the product, as last reported.
--
-- A report can contain an account twice. The row with the newest created_at counts;
-- ordering by all other columns makes the choice the same in each run.
select distinct on (user_id)
  user_id,
  star.key_of(user_id) as user_key,
  created_at,
  upper(nullif(trim(country), '')) as country,
  nullif(trim(locale), '') as locale,
  lower(nullif(trim(email_domain), '')) as email_domain,
  lower(nullif(trim(role), '')) as role,
  coalesce(is_internal, false) as is_internal,
  coalesce(is_test, false) as is_test,
  -- web analytics writes (not set) for a visit without a campaign; the same text here gives the same channel
  coalesce(lower(nullif(trim(source), '')), '(not set)') as source,
  coalesce(lower(nullif(trim(medium), '')), '(not set)') as medium
from users
order by user_id, created_at desc, country, locale, email_domain, role, is_internal, is_test, source, medium
