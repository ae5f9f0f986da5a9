-- @kind    table
-- @grain   user_key
-- @reads   stg_users
-- @owner   growth
-- @about   One row per account of the product as it is now, and one with key 0 for unknown.
--
-- Reports leave out rows with is_internal or is_test. Signup days are in UTC. Of an e-mail address only the domain is
-- kept.
select
  user_key,
  user_id,
  (created_at at time zone 'UTC')::date as signup_date,
  star.key_of(source, medium) as signup_channel_key,
  star.key_of(country) as country_key,
  locale,
  email_domain,
  coalesce(email_domain in (
    'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'yahoo.com', 'icloud.com', 'me.com', 'aol.com',
    'proton.me', 'protonmail.com', 'gmx.de', 'gmx.net', 'web.de', 'mail.ru', 'qq.com', '163.com'), false) as email_is_free,
  role,
  is_internal,
  is_test
from stg_users
union all
select 0, null, null, 0, 0, null, null, false, null, false, false
