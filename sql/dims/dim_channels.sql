-- @kind    table
-- @grain   channel_key
-- @reads   seed_channel_rules, stg_users, stg_web_sessions
-- @owner   growth
-- @about   One row per reported source and medium with their marketing channel, and one with key 0 for unknown.
--
-- The channel is that of the first rule in seed_channel_rules, by priority, whose LIKE patterns match. Facts hold the
-- key of source and medium, so a changed rule changes the channel of all history.
with reported as (
  select source, medium from stg_users
  union
  select source, medium from stg_web_sessions
)
select
  star.key_of(r.source, r.medium) as channel_key,
  coalesce(rule.channel, 'unknown') as channel,
  r.source,
  r.medium
from reported r
left join lateral (
  select channel
  from seed_channel_rules
  where r.source like source_pattern and r.medium like medium_pattern
  order by priority::int
  limit 1
) rule on true
union all
select 0, 'unknown', null, null
