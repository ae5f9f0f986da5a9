-- How far each replicated source is, and what it costs the source. The process that follows it measures it every some seconds. How far the
-- log is applied is the position in meta.offsets.
create table meta.replicated_sources (
  source           text        primary key,
  slot             text        not null,
  publication      text        not null,
  -- when the process that follows it last looked, and why the source did not answer; null when it did
  seen_at          timestamptz,
  error            text,
  measured_at      timestamptz,
  -- where the source's log ends, up to where it was received, and up to where the source knows that it was applied
  current_lsn      pg_lsn,
  received_lsn     pg_lsn,
  acknowledged_lsn pg_lsn,
  -- when these two last moved, and when changed rows were last written, also those of a transaction that is not over
  received_at      timestamptz,
  acknowledged_at  timestamptz,
  written_at       timestamptz,
  -- changes that were received and are not written yet
  pending_changes  bigint      not null default 0,
  -- when a message was last written into the source's log
  heartbeat_at     timestamptz,
  -- log that the source keeps for the slot, how much more it may become (null without a limit), and the limit, in bytes
  retained_bytes   bigint,
  headroom_bytes   bigint,
  limit_bytes      bigint,
  wal_status       text,
  -- why the log that is kept may harm the source, or be lost, and since when
  risk             text,
  risk_since       timestamptz,
  -- when the publication was last looked through for tables that lost their key, and how many were taken out of it so far
  guarded_at       timestamptz,
  unpublished      bigint      not null default 0
);
