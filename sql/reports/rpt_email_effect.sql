-- @kind    view
-- @grain   who
-- @reads   fact_email_messages, fact_onboarding, dim_members
-- @owner   growth
-- @title   Are people who read e-mails activated more often?
-- @group   E-mail
-- @chart   ranges lo, rate, hi by who
-- @format  lo..hi percent
-- @note    Not causal: who reads e-mails is interested anyway.
-- @about   One row for people who opened their first e-mail and one for those who did not.
-- @column  people to whom one was delivered before they were activated
-- @column  activated within 72 hours of the first open, or, without one, of the delivery
-- @column  lo the lower end of Wilson's interval of 95 %; hi is the upper one
--
-- Colleagues and test accounts are left out.
with first as (
  select distinct on (f.user_key)
    f.user_key,
    case when f.first_open_at is not null then 'opened' else 'not opened' end as who,
    f.delivered_at,
    coalesce(f.first_open_at, f.delivered_at) as read_at
  from fact_email_messages f
  join dim_members m on m.user_key = f.user_key
  where f.delivered_at is not null and not m.is_internal and not m.is_test
  order by f.user_key, f.delivered_at, f.message_id
),
people as (
  select f.who, coalesce(o.activated_at >= f.read_at and o.activated_at <= f.read_at + interval '72 hours', false) as activated
  from first f
  join fact_onboarding o on o.user_key = f.user_key
  where o.activated_at is null or o.activated_at > f.delivered_at
),
counts as (
  select who, count(*)::numeric as n, count(*) filter (where activated)::numeric as k from people group by 1
)
select
  who,
  n::bigint as people,
  k::bigint as activated,
  round(k / n, 4) as rate,
  round((k + 1.9208 - 1.96 * sqrt(k * (n - k) / n + 0.9604)) / (n + 3.8416), 4) as lo,
  round((k + 1.9208 + 1.96 * sqrt(k * (n - k) / n + 0.9604)) / (n + 3.8416), 4) as hi
from counts
