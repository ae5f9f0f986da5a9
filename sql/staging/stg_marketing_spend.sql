-- @kind    view
-- @reads   landing.marketing_spend
-- @owner   growth
-- @about   One row per day and campaign: what was spent on it, in the smallest unit of a currency with two decimals.
select
  spend_date,
  trim(campaign) as campaign,
  round(100 * spend)::bigint as spend_minor,
  upper(coalesce(nullif(trim(currency), ''), 'XXX')) as currency,
  coalesce(impressions, 0) as impressions,
  coalesce(clicks, 0) as clicks
from marketing_spend
