-- Moving over from ElastAlert: whose state was taken over from its indices, and documents on their way into these.

-- One row a rule whose state was looked for, once and for all: 'ends_at' is the end of the last run found, or null.
create table meta.elastalert (
  rule     text        primary key,
  taken_at timestamptz not null default clock_timestamp(),
  ends_at  timestamptz,
  silences integer     not null default 0,
  pending  integer     not null default 0
);

-- Documents for ElastAlert's indices, written with the runs that they tell of and gone when Elasticsearch has them. 'alert_id' is set while
-- a document waits for the word whether its alert was delivered.
create table meta.elastalert_documents (
  document_id bigint      generated always as identity primary key,
  kind        text        not null check (kind in ('status', 'silence', 'alert', 'error')),
  id          text        not null,
  body        json        not null,
  alert_id    text,
  noted_at    timestamptz not null default clock_timestamp()
);
create index elastalert_documents_of_alerts on meta.elastalert_documents (alert_id) where alert_id is not null;
