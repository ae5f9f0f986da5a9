-- @kind    recalc
-- @grain   date_key, campaign_key
-- @reads   stg_marketing_spend
-- @window  date_key by day from stg_marketing_spend.spend_date zone UTC
-- @late    dirty
-- @fk      campaign_key in dim_campaigns
-- @owner   growth
-- @about   One row per day and campaign on which money was spent. Ad platforms restate their last 30 days.
-- @column  spend_minor in the smallest unit of currency
select
  spend_date as date_key,
  star.key_of(campaign) as campaign_key,
  spend_minor,
  currency,
  impressions,
  clicks
from stg_marketing_spend
where spend_date >= (:from at time zone 'UTC')::date and spend_date < (:to at time zone 'UTC')::date
