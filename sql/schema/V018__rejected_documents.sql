-- Documents of a rule that could not be read: how many of how many since the first of them, for an hour at most, and why the last
-- one was rejected. The documents are in meta.rejects.
alter table meta.rules
  add column rejected        bigint not null default 0,
  add column rejected_of     bigint not null default 0,
  add column rejected_since  timestamptz,
  add column rejected_reason text;
