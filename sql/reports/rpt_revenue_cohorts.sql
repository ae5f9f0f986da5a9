-- @kind    view
-- @grain   cohort, currency, month_no
-- @reads   fact_mrr_month
-- @owner   finance
-- @title   Does revenue from teams grow after they begin to pay?
-- @group   Teams and revenue
-- @chart   cohort net by cohort over month_no size mrr
-- @format  net percent, gross percent, mrr money
-- @filter  currency
-- @note    Only months that are over. The scale does not start at zero.
-- @about   One row per month in which teams began to pay, currency and month since: their revenue then and now.
-- @column  mrr revenue at the end of the first month, in the smallest unit of the currency
-- @column  net revenue of the same teams now, for each unit of mrr
-- @column  gross the same without what grew: of each team at most its first revenue
with first as (
  select distinct on (team_key) team_key, month_start as cohort, currency, mrr_minor as first_mrr
  from fact_mrr_month
  where mrr_minor > 0
  order by team_key, month_start
)
select
  f.cohort,
  f.currency,
  (extract(year from age(m.month_start, f.cohort)) * 12 + extract(month from age(m.month_start, f.cohort)))::int as month_no,
  count(*) as teams,
  sum(f.first_mrr)::bigint as mrr,
  round(sum(m.mrr_minor) / sum(f.first_mrr), 4) as net,
  round(sum(least(m.mrr_minor, f.first_mrr)) / sum(f.first_mrr), 4) as gross
from first f
join fact_mrr_month m on m.team_key = f.team_key and m.month_start >= f.cohort
group by 1, 2, 3
