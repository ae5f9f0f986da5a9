-- The outbox of every kind of alerter. 'target' is the SHA-256 of what is secret about a destination; the payload holds no secret of a rule.
-- 'extra' is what a delivery needs beside the payload, 'result' what the other side gave back (a ticket's key).
alter table meta.outbox alter column channel drop default;
alter table meta.outbox add column alert_id text;
alter table meta.outbox add column extra jsonb not null default '{}';
alter table meta.outbox add column result text;

create index outbox_by_alert on meta.outbox (alert_id) where alert_id is not null;
create index outbox_sent on meta.outbox (sent_at) where status = 'sent';
