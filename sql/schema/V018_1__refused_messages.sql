-- Since when the receiver refuses a message that waits; null while it does not. A refused message is tried again slowly, and the
-- messages behind it do not wait for it.
alter table meta.outbox add column refused_at timestamptz;
create index outbox_refused on meta.outbox (rule, message_id) where refused_at is not null and status in ('pending', 'sending');
