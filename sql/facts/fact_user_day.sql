-- @kind    recalc
-- @grain   user_key, date_key
-- @reads   dim_dates, dim_members, fact_meetings, fact_notes, fact_logins
-- @window  date_key by day from dim_dates.date_key zone UTC keep 400d
-- @late    reach 27d, dim_members by signup_date..gone_date, fact_meetings.date_key = dim_dates.date_key, fact_notes.date_key = dim_dates.date_key, fact_logins.date_key = dim_dates.date_key
-- @fk      user_key in dim_members
-- @fk      team_key in dim_teams
-- @index   date_key
-- @partition month
-- @owner   growth
-- @about   One row per user and day from sign-up on, also of days without activity.
-- @column  is_active whether the user held a meeting or wrote a note on this day; a login alone is no activity
-- @column  active_7 whether they were active on this day or one of the 6 days before
-- @column  active_28 the same with 27 days before
-- @column  days_since_active days since the last activity; NULL after more than 27
--
-- What changes in a day, changes active_28 of the 27 days after it.
with activity as (
  select user_key, date_key, sum(meetings)::int as meetings, sum(notes)::int as notes
  from (
    select host_user_key as user_key, date_key, 1 as meetings, 0 as notes
    from fact_meetings
    union all
    select author_user_key, date_key, 0, 1
    from fact_notes
  ) each
  where date_key >= (:from at time zone 'UTC')::date - 27 and date_key < (:to at time zone 'UTC')::date
  group by 1, 2
),
seen as (
  select user_key, date_key + day as date_key, min(day) as since
  from activity, generate_series(0, 27) as day
  group by 1, 2
)
select
  m.user_key,
  d.date_key,
  m.team_key,
  coalesce(s.since = 0, false) as is_active,
  coalesce(s.since <= 6, false) as active_7,
  s.since is not null as active_28,
  coalesce(l.logins, 0)::int as logins,
  coalesce(a.meetings, 0) as meetings,
  coalesce(a.notes, 0) as notes,
  d.date_key - m.signup_date as days_since_signup,
  s.since as days_since_active
from dim_dates d
join dim_members m on m.signup_date <= d.date_key and (m.gone_date is null or m.gone_date >= d.date_key)
left join activity a on a.user_key = m.user_key and a.date_key = d.date_key
left join seen s on s.user_key = m.user_key and s.date_key = d.date_key
left join fact_logins l on l.user_key = m.user_key and l.date_key = d.date_key
where d.date_key >= (:from at time zone 'UTC')::date and d.date_key < (:to at time zone 'UTC')::date
