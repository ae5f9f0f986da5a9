-- @kind    view
-- @grain   template
-- @reads   fact_email_messages, dim_email_templates, dim_members
-- @owner   growth
-- @title   Which e-mails are read?
-- @group   E-mail
-- @chart   dots opened, click by template
-- @format  opened percent, click percent, bounced percent
-- @note    Opens include those of mail programs that fetch pictures by themselves.
-- @about   One row per template: e-mails of the last 90 days.
-- @column  opened the share of delivered ones that were opened
-- @column  click the share of delivered ones with a click
-- @column  bounced the share of sent ones that came back
--
-- Those to colleagues and test accounts are left out.
select
  t.code as template,
  count(*) as sent,
  count(f.delivered_at) as delivered,
  round(count(f.first_open_at)::numeric / nullif(count(f.delivered_at), 0), 4) as opened,
  round(count(*) filter (where f.clicks > 0)::numeric / nullif(count(f.delivered_at), 0), 4) as click,
  round(count(f.bounced_at)::numeric / count(*), 4) as bounced
from fact_email_messages f
join dim_email_templates t on t.template_key = f.template_key
join dim_members m on m.user_key = f.user_key
where not m.is_internal and not m.is_test
  and f.date_key > (select max(date_key) from fact_email_messages) - 90
group by 1
