-- The tables of the made-up product. Columns that say when and by whom a row was made and changed come last.
create table plans (
  code text primary key, title text not null, price_minor int not null, tier int not null);
create table teams (
  id bigint primary key, title text not null, plan text not null references plans, seats int not null, country text,
  industry text, billing_address text, owner_id text not null);
create table users (
  id text primary key, team_id bigint not null references teams, email text not null unique, name text, address text,
  phone text, email_domain text, country text, locale text, role text not null, source text, medium text,
  is_internal boolean not null, is_test boolean not null, last_seen_at timestamptz);
create table meetings (
  id bigint primary key, team_id bigint not null references teams, host_id text not null references users,
  title text not null, integration text, held_at timestamptz not null, minutes int not null, attendees int not null,
  external_attendees int not null, transcript text);
create table notes (
  id bigint primary key, meeting_id bigint not null references meetings on delete cascade,
  author_id text not null references users, title text not null, body text, words int not null,
  action_items int not null, shares int not null, first_shared_at timestamptz, last_viewed_at timestamptz,
  properties jsonb not null);
create table attachments (
  note_id bigint references notes on delete cascade, position int, file_name text not null, size int not null,
  content bytea, primary key (note_id, position));
create table invitations (
  id bigint primary key, team_id bigint not null references teams, invited_by text not null references users,
  email text not null, kind text not null, sent_at timestamptz not null, opened_at timestamptz,
  accepted_at timestamptz);
create table subscriptions (
  team_id bigint primary key references teams, plan text not null references plans, seats int not null,
  status text not null, mrr_minor bigint not null, currency char(3) not null, started_at timestamptz not null,
  ended_at timestamptz);
create table subscription_events (
  id bigint primary key, team_id bigint not null references teams, kind text not null, plan_from text, plan_to text,
  seats_delta int not null, mrr_delta_minor bigint not null, event_at timestamptz not null);
create table payments (
  id bigint primary key, team_id bigint not null references teams, amount numeric(12, 2) not null,
  tax numeric(12, 2) not null, refunded numeric(12, 2) not null, currency char(3) not null, status text not null,
  failed_reason text, card_number text, paid_at timestamptz not null);
create table messages (
  id uuid primary key, user_id text not null references users, template text not null, sent_at timestamptz not null,
  delivered_at timestamptz, first_open_at timestamptz, opens int not null, clicks int not null,
  bounced_at timestamptz);
do $$ declare t text; begin
  for t in select relname from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' loop
    execute format('alter table %I add created_date timestamptz not null, add created_by text not null,'
      ' add last_modified_date timestamptz not null, add last_modified_by text not null', t);
  end loop; end $$;
create index on meetings (team_id);
create index on notes (meeting_id);
alter table notes alter body set storage external;

-- what stays with the product
create table audit_log (id bigint generated always as identity primary key, at timestamptz, what jsonb);
create table tmp_export (id bigint primary key, body text);
create table notes_staging (id bigint primary key, body text);
