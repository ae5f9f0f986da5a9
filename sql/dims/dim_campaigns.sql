-- @kind    table
-- @grain   campaign_key
-- @reads   fact_web_sessions_day, stg_marketing_spend, dim_channels
-- @owner   growth
-- @about   One row per campaign of web sessions or of spend.
-- @column  channel that of most of its sessions; of equal ones the first by name; unknown without sessions
-- @column  started the first day with sessions or spend
with seen as (
  select f.campaign, c.channel, min(f.date_key) as started, sum(f.sessions) as sessions
  from fact_web_sessions_day f
  left join dim_channels c on c.channel_key = f.channel_key
  where f.campaign <> '(not set)'
  group by 1, 2
  union all
  select campaign, null, min(spend_date), 0
  from stg_marketing_spend
  group by 1
)
select
  star.key_of(campaign) as campaign_key,
  campaign,
  coalesce((array_agg(channel order by sessions desc, channel) filter (where channel is not null))[1], 'unknown') as channel,
  min(started) as started
from seen
group by campaign
