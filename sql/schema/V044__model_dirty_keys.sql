-- Keys whose rows a model has to read again over all time: those of changed and deleted rows of its input.
create table meta.model_dirty_keys (
  id        bigint generated always as identity primary key,
  model     text   not null,
  values    text[] not null,
  marked_at timestamptz not null default clock_timestamp()
);
create index model_dirty_keys_model on meta.model_dirty_keys (model);
comment on column meta.model_dirty_keys.values is 'the columns of the model''s grain, as text';

alter table meta.watches drop constraint watches_kind_check;
alter table meta.watches add check (kind in ('window', 'key', 'range', 'read', 'grain', 'gone'));

alter table meta.model_state add column snapshot boolean not null default false;
comment on column meta.model_state.snapshot is 'an scd2 whose versions are what refreshes saw, which no input has any more';
