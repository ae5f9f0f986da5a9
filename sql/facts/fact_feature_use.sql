-- @kind    recalc
-- @grain   user_key, feature_key, date_key
-- @reads   dim_dates, fact_meetings, fact_notes, fact_invitations
-- @window  date_key by day from dim_dates.date_key zone UTC keep 400d
-- @late    fact_meetings.date_key = dim_dates.date_key, fact_notes by date_key..first_shared_date_key, fact_invitations.date_key = dim_dates.date_key
-- @fk      user_key in dim_members
-- @fk      feature_key in dim_features
-- @index   date_key
-- @owner   growth
-- @about   One row per user, feature and day on which they used it.
with used as (
  select host_user_key as user_key, date_key, 'meeting' as feature
  from fact_meetings
  union all
  select host_user_key, date_key, 'meeting from calendar'
  from fact_meetings where integration like '%calendar%'
  union all
  select host_user_key, date_key, 'meeting from video call'
  from fact_meetings where integration in ('zoom', 'teams')
  union all
  select author_user_key, date_key, 'note'
  from fact_notes
  union all
  select author_user_key, first_shared_date_key, 'shared note'
  from fact_notes where first_shared_date_key is not null
  union all
  select inviter_user_key, date_key, 'invitation'
  from fact_invitations
)
select u.user_key, star.key_of(u.feature) as feature_key, d.date_key, count(*) as uses
from dim_dates d
join used u on u.date_key = d.date_key
where d.date_key >= (:from at time zone 'UTC')::date and d.date_key < (:to at time zone 'UTC')::date
group by 1, 2, 3
