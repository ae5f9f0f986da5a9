-- @kind    view
-- @grain   month, currency
-- @reads   fact_subscription_events, fact_mrr_month
-- @owner   finance
-- @title   What moved monthly recurring revenue?
-- @group   Teams and revenue
-- @chart   stack new, expansion, returned, contraction, churn over month with net
-- @format  opening..closing money
-- @label   returned "Came back", churn "Left"
-- @filter  currency
-- @range   month, last 13 months
-- @tile    closing as "MRR now", churn
-- @note    Amounts are in the currency of the contract, in its smallest unit.
-- @about   One row per month and currency: opening + new + expansion + returned + contraction + churn + restated = closing.
-- @column  contraction and churn are negative
-- @column  restated what became known of earlier months after they were sealed in fact_mrr_month
-- @column  quick_ratio what came divided by what went; NULL when nothing went
--
-- The closing of a month is that of fact_mrr_month, and that of the present month the sum of all that is known.
with moves as (
  select
    date_trunc('month', date_key)::date as month,
    currency,
    sum(mrr_delta_minor) filter (where kind in ('new', 'trial_convert')) as new,
    sum(mrr_delta_minor) filter (where kind = 'expand') as expansion,
    sum(mrr_delta_minor) filter (where kind = 'reactivate') as returned,
    sum(mrr_delta_minor) filter (where kind = 'contract') as contraction,
    sum(mrr_delta_minor) filter (where kind = 'churn') as churn,
    sum(mrr_delta_minor) as net
  from fact_subscription_events
  group by 1, 2
),
sealed as (
  select month_start as month, currency, sum(mrr_minor) as closing
  from fact_mrr_month
  group by 1, 2
),
months as (
  select
    coalesce(m.month, s.month) as month,
    coalesce(m.currency, s.currency) as currency,
    coalesce(m.new, 0)::bigint as new,
    coalesce(m.expansion, 0)::bigint as expansion,
    coalesce(m.returned, 0)::bigint as returned,
    coalesce(m.contraction, 0)::bigint as contraction,
    coalesce(m.churn, 0)::bigint as churn,
    coalesce(m.net, 0)::bigint as net,
    s.closing::bigint as sealed
  from moves m
  full join sealed s on s.month = m.month and s.currency = m.currency
),
closed as (
  -- a month that is not sealed has what is known of it and of all before it
  select m.*, coalesce(m.sealed, (sum(m.net) over (partition by m.currency order by m.month))::bigint) as closing
  from months m
)
select
  month,
  currency,
  coalesce(lag(closing) over before, 0) as opening,
  new,
  expansion,
  returned,
  contraction,
  churn,
  net,
  closing - coalesce(lag(closing) over before, 0) - net as restated,
  closing,
  round((new + expansion + returned)::numeric / nullif(-contraction - churn, 0), 2) as quick_ratio
from closed
window before as (partition by currency order by month)
