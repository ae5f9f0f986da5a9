-- A slot that another reader has moved is taken over where somebody asks for it. Its tables then have a gap, though they are complete, until
-- they were compared with the source.
alter table meta.replicated_sources
  add column adopt_asked_at timestamptz,
  add column adopt_asked_by text,
  add column adopted_at     timestamptz;
