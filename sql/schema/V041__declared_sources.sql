-- What sql/sources.yaml says of relations that no import fills.
create table meta.declared_sources (
  relation       text primary key,
  complete_after interval
);
comment on column meta.declared_sources.complete_after is 'the relation is complete up to so long before now; null: it has no limit';
