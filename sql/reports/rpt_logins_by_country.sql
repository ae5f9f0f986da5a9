-- @kind    view
-- @grain   date_key, country, device
-- @reads   fact_logins, dim_users, dim_country
-- @owner   growth
-- @about   One row per day, country and main device: logins and users, without internal and test accounts.
--
-- A user who was not reported yet, or has no country, counts as Unknown.
select
  l.date_key,
  coalesce(c.name, 'Unknown') as country,
  coalesce(c.region, 'Unknown') as region,
  l.main_device as device,
  sum(l.logins)::bigint as logins,
  count(*) as users
from fact_logins l
left join dim_users u on u.user_key = l.user_key
left join dim_country c on c.country_key = u.country_key
where not coalesce(u.is_internal, false) and not coalesce(u.is_test, false)
group by 1, 2, 3, 4
