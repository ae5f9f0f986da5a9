-- @kind    recalc
-- @grain   date_key, channel_key, campaign, landing_page, country_key, device
-- @reads   stg_web_sessions
-- @window  date_key by day from stg_web_sessions.session_date
-- @late    dirty
-- @owner   growth
-- @about   One row per day, channel, campaign, landing page, country and device with web sessions.
--
-- Web analytics restates its last days. The import marks the days that changed, and they are calculated again here.
-- users counts one combination: the numbers of several rows must not be added up to the users of a day.
select
  session_date as date_key,
  star.key_of(source, medium) as channel_key,
  campaign,
  landing_page,
  star.key_of(country) as country_key,
  device,
  sum(sessions)::bigint as sessions,
  sum(users)::bigint as users,
  sum(engaged)::bigint as engaged,
  sum(signups)::bigint as signups
from stg_web_sessions
where session_date >= (:from at time zone 'UTC')::date and session_date < (:to at time zone 'UTC')::date
group by 1, 2, 3, 4, 5, 6
