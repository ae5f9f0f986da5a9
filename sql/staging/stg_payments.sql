-- @kind    view
-- @reads   app.payments
-- @owner   finance
-- @about   One row per charge, without the card. Amounts are in the smallest unit of a currency with two decimals.
select
  id as payment_id,
  team_id,
  (100 * amount)::bigint as amount_minor,
  (100 * tax)::bigint as tax_minor,
  (100 * refunded)::bigint as refunded_minor,
  currency::text as currency,
  status,
  failed_reason,
  paid_at
from app.payments
