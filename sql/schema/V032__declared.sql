-- The name of a type with its schema, whatever search_path is in effect.
create function meta.type_name(type oid, modifier integer) returns text
language sql stable set search_path = ''
return format_type(type, modifier);

-- What a model's file has put on its relation, to be removed when the file no longer names it.
alter table meta.model_state
    add commented text[] not null default '{}',
    add granted text[] not null default '{}';

comment on column meta.model_state.commented is 'columns that have a comment from @column';
comment on column meta.model_state.granted is 'roles that may read the relation by @grant or refresh.readers';
