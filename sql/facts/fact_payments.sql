-- @kind    upsert
-- @grain   payment_id
-- @reads   stg_payments, dim_teams
-- @window  by day from stg_payments.paid_at zone UTC
-- @late    dim_teams.team_id = stg_payments.team_id
-- @fk      team_key in dim_teams
-- @accepted status in paid, failed
-- @owner   finance
-- @about   One row per charge. Amounts are in the smallest unit of the currency.
-- @column  net_minor what was paid and not given back; 0 when it failed
select
  p.payment_id,
  (p.paid_at at time zone 'UTC')::date as date_key,
  coalesce(t.team_key, 0) as team_key,
  p.amount_minor,
  p.tax_minor,
  p.refunded_minor,
  case when p.status = 'paid' then p.amount_minor - p.refunded_minor else 0 end as net_minor,
  p.currency,
  p.status,
  p.failed_reason,
  p.paid_at
from stg_payments p
left join dim_teams t on t.team_id = p.team_id
where p.paid_at >= :from and p.paid_at < :to
