-- @kind    table
-- @grain   country_key
-- @reads   seed_country, stg_users, stg_web_sessions
-- @owner   growth
-- @about   One row per country of ISO 3166-1, one per other reported code, and one with key 0 for unknown.
--
-- Regions are those of the United Nations (M49). The currency is the ISO 4217 code of the one in use.
with reported as (
  select country from stg_users where country is not null
  union
  select country from stg_web_sessions where country is not null
)
select
  star.key_of(iso2) as country_key,
  iso2,
  iso_numeric,
  name,
  region,
  sub_region,
  currency,
  is_eu::boolean as is_eu
from seed_country
union all
select star.key_of(r.country), r.country, null, 'Not in ISO 3166 (' || r.country || ')', 'Unknown', 'Unknown', null, false
from reported r
where not exists (select from seed_country s where s.iso2 = r.country)
union all
select 0, null, null, 'Unknown', 'Unknown', 'Unknown', null, false
