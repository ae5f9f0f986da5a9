-- @kind    upsert
-- @grain   message_id
-- @reads   stg_messages, dim_members
-- @window  by day from stg_messages.sent_at zone UTC
-- @late    dim_members.user_id = stg_messages.user_id
-- @fk      user_key in dim_members
-- @fk      template_key in dim_email_templates
-- @owner   growth
-- @about   One row per e-mail to a user, which grows: it is sent, delivered, opened and clicked.
-- @column  opens all that were counted, of people and of machines
select
  m.message_id,
  (m.sent_at at time zone 'UTC')::date as date_key,
  coalesce(u.user_key, 0) as user_key,
  star.key_of(m.template) as template_key,
  m.sent_at,
  m.delivered_at,
  m.first_open_at,
  m.opens,
  m.clicks,
  m.bounced_at
from stg_messages m
left join dim_members u on u.user_id = m.user_id
where m.sent_at >= :from and m.sent_at < :to
