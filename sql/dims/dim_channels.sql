-- @kind    table
-- @grain   channel_key
-- @reads   seed_channel_rules, stg_users, stg_web_sessions
-- @owner   growth
-- @about   One row per source and medium that was reported, with the marketing channel that they mean, and 0 for unknown.
--
-- The first rule of seed_channel_rules that matches, by priority, gives the channel; its patterns are LIKE patterns. A changed rule
-- changes the whole history, since facts hold the key of source and medium.
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
