-- What landed, as it came: one table a report of the production system or of web analytics.
-- A column is not null only where a row without it would mean nothing.

-- One row per account of the product, as last reported.
create table landing.users (
  user_id      text        not null,
  created_at   timestamptz not null,
  country      text,
  locale       text,
  email_domain text,
  role         text,
  is_internal  boolean,
  is_test      boolean,
  source       text,
  medium       text
);
create index users_by_created_at on landing.users (created_at);
create index users_by_user_id on landing.users (user_id);

-- One row per login.
create table landing.logins (
  login_at timestamptz not null,
  user_id  text        not null,
  device   text
);
create index logins_by_login_at on landing.logins (login_at);

-- One row per day and combination of the other dimensions; the source restates its last days.
create table landing.web_sessions (
  session_date date not null,
  source       text,
  medium       text,
  campaign     text,
  landing_page text,
  country      text,
  device       text,
  sessions     bigint,
  users        bigint,
  engaged      bigint,
  signups      bigint
);
create index web_sessions_by_session_date on landing.web_sessions (session_date);
