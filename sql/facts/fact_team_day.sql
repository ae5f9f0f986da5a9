-- @kind    recalc
-- @grain   team_key, date_key
-- @reads   dim_dates, dim_teams, dim_teams_hist, fact_user_day
-- @window  date_key by day from dim_dates.date_key zone UTC keep 400d
-- @late    dim_teams by created_date..gone_date, dim_teams_hist by valid_from..valid_to, fact_user_day.date_key = dim_dates.date_key
-- @fk      team_key in dim_teams
-- @fk      plan_key in dim_plans
-- @index   date_key
-- @partition month
-- @owner   growth
-- @about   One row per team and day since it was founded, also of days without activity.
-- @column  members accounts on this day, of those that are now in the team
-- @column  seats_bought at the end of the day, as mrr_minor and plan_key are
-- @column  mrr_minor revenue of a month, in the smallest unit of the team's currency
with members as (
  select
    team_key,
    date_key,
    count(*) as members,
    count(*) filter (where is_active) as active_members,
    count(*) filter (where active_7) as active_7,
    count(*) filter (where active_28) as active_28,
    sum(meetings) as meetings,
    sum(notes) as notes
  from fact_user_day
  where date_key >= (:from at time zone 'UTC')::date and date_key < (:to at time zone 'UTC')::date
  group by 1, 2
)
select
  t.team_key,
  d.date_key,
  coalesce(m.members, 0)::int as members,
  coalesce(m.active_members, 0)::int as active_members,
  coalesce(m.active_7, 0)::int as active_7,
  coalesce(m.active_28, 0)::int as active_28,
  coalesce(m.meetings, 0)::int as meetings,
  coalesce(m.notes, 0)::int as notes,
  coalesce(h.plan_key, 0) as plan_key,
  coalesce(h.seats, 0) as seats_bought,
  coalesce(h.mrr_minor, 0) as mrr_minor,
  coalesce(h.mrr_minor, 0) > 0 as is_paying
from dim_dates d
join dim_teams t on t.created_date <= d.date_key and (t.gone_date is null or t.gone_date >= d.date_key)
left join dim_teams_hist h
  on h.team_key = t.team_key
  and h.valid_from < (d.date_key + 1)::timestamp at time zone 'UTC'
  and (h.valid_to is null or h.valid_to >= (d.date_key + 1)::timestamp at time zone 'UTC')
left join members m on m.team_key = t.team_key and m.date_key = d.date_key
where d.date_key >= (:from at time zone 'UTC')::date and d.date_key < (:to at time zone 'UTC')::date
