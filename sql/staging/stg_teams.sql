-- @kind    view
-- @reads   app.teams
-- @owner   growth
-- @about   One row per team, without its name and its address.
select
  id as team_id,
  star.key_of(id::text) as team_key,
  created_date as created_at,
  (created_date at time zone 'UTC')::date as created_on,
  null::date as gone_date,
  plan as plan_code,
  seats,
  upper(nullif(trim(country), '')) as country,
  lower(nullif(trim(industry), '')) as industry,
  owner_id
from app.teams
