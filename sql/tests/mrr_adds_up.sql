-- @about  Revenue of a month is that of the month before and what moved it.
-- @owner  finance
-- @sample month
with months as (
  select
    m.*,
    lag(closing, 1, 0::bigint) over (partition by currency order by month) as before
  from rpt_mrr_movements m
)
select month, currency
from months
where opening <> before or opening + new + expansion + returned + contraction + churn + restated <> closing
