-- The digest of yesterday (UTC) that the route watch-morning-digest sends: one row with the text.
-- Each number has the change to the same weekday a week before. A number is marked when the model that it rests on is
-- not complete for yesterday: an import of its input, or its refresh, is late, held or failed.
with days as (
  select (clock_timestamp() at time zone 'UTC')::date - 1 as day, (clock_timestamp() at time zone 'UTC')::date - 8 as before
),
numbers (place, name, value, previous, model) as (
  select 1, 'Signups',
    count(*) filter (where signup_date = d.day), count(*) filter (where signup_date = d.before), 'dim_users'
  from days d left join star.dim_users u on u.signup_date in (d.day, d.before) and not u.is_internal and not u.is_test
  union all
  select 2, 'Active users',
    count(distinct f.user_key) filter (where date_key = d.day), count(distinct f.user_key) filter (where date_key = d.before),
    'fact_logins'
  from days d
  left join (
    star.fact_logins f join star.dim_users u on u.user_key = f.user_key and not u.is_internal and not u.is_test
  ) on f.date_key in (d.day, d.before)
  union all
  select 3, 'Sessions, ' || coalesce(c.channel, 'unknown'),
    coalesce(sum(sessions) filter (where date_key = d.day), 0), coalesce(sum(sessions) filter (where date_key = d.before), 0),
    'fact_web_sessions_day'
  from days d
  join star.fact_web_sessions_day f on f.date_key in (d.day, d.before)
  left join star.dim_channels c on c.channel_key = f.channel_key
  group by c.channel
),
lines as (
  select place, value, name || ': ' || value
    || coalesce(' (' || to_char(round(100.0 * (value - previous) / nullif(previous, 0)), 'FMSG99990') || '%)', '')
    || case
      when m.complete_to >= d.day + time '00:00' at time zone 'UTC' + interval '1 day' then ''
      when m.complete_to is null then '  ⚠ it is not known whether this is complete'
      else '  ⚠ not complete: data to ' || to_char(m.complete_to at time zone 'UTC', 'DD Mon HH24:MI') || ' UTC'
    end as line
  from numbers
  cross join days d
  left join meta.model_state m on m.model = numbers.model
)
select 'Yesterday, ' || to_char((select day from days), 'Dy DD Mon YYYY') || ', and the change to a week before'
  || E'\n' || string_agg(line, E'\n' order by place, value desc, line) as text
from lines
