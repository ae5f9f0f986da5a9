-- A reject keeps the record as it was received, as bytes: text and jsonb cannot hold every character. The record of a report is CSV,
-- after the header. 'fingerprint' tells one record from another, wherever it stands when it comes again.
alter table meta.rejects rename column reject_id to id;
alter table meta.rejects rename column relation to target;
alter table meta.rejects
  add column locator       jsonb,
  add column payload       bytea,
  -- the payload is cut after 64 KiB; this is its true length
  add column payload_bytes bigint,
  -- how many times it was seen
  add column attempts      integer not null default 1,
  -- when a later load of the same rows came without it
  add column resolved_at   timestamptz;

-- documents
update meta.rejects r set
  locator = jsonb_strip_nulls(jsonb_build_object('index', d.index, 'id', d.id, 'column', r.column_name)),
  payload = convert_to(d.source, 'UTF8')
from (
  select q.id as reject_id, max(f.value) filter (where f.name = '_index') as index,
    max(f.value) filter (where f.name = '_id') as id, max(f.value) filter (where f.name = '_source') as source
  from meta.rejects q cross join unnest(q.columns, q.record) as f(name, value)
  where '_id' = any (q.columns) group by q.id) d
where d.reject_id = r.id;

-- records of reports
update meta.rejects r set
  locator = jsonb_strip_nulls(jsonb_build_object('line', r.line, 'column', r.column_name)),
  payload = convert_to(
    coalesce((select string_agg('"' || replace(name, '"', '""') || '"', ',' order by place)
      from unnest(r.columns) with ordinality as f(name, place)), '') || chr(10)
    || coalesce((select string_agg(coalesce('"' || replace(value, '"', '""') || '"', ''), ',' order by place)
      from unnest(r.record) with ordinality as f(value, place)), ''), 'UTF8')
where r.payload is null;

update meta.rejects set payload_bytes = length(payload);

-- as later versions calculate it; in the unlikely case that two are equal, the later one keeps what it has
update meta.rejects r set fingerprint = f.fingerprint
from (
  select id, fingerprint, row_number() over (partition by source, target, fingerprint order by id) as nth
  from (select id, source, target, md5(array_to_string(record, chr(31), chr(30))) as fingerprint from meta.rejects) q) f
where f.id = r.id and f.nth = 1;

alter table meta.rejects
  alter column locator set not null,
  alter column payload set not null,
  alter column payload_bytes set not null,
  drop column line, drop column column_name, drop column columns, drop column record;
