-- A replicated table is copied anew into a table beside it, and what differs is then written.
alter table meta.replicated_tables drop constraint replicated_tables_state_check;
alter table meta.replicated_tables
  add constraint replicated_tables_state_check
    check (state in ('copying', 'catching_up', 'complete', 'reloading', 'parked')),
  add column gap boolean not null default false,
  add column reload_asked_at timestamptz,
  add column reload_asked_by text;
comment on column meta.replicated_tables.state is 'copying: the first copy is not done; catching_up: it is, and the log is applied over it; reloading: it is copied anew beside itself; parked: not followed, see reason';
comment on column meta.replicated_tables.gap is 'reloading, and changes are missing: the table itself stays as it is until the copy is done';
comment on column meta.replicated_tables.reload_asked_at is 'since when somebody wants it copied anew; NULL once that has begun';
