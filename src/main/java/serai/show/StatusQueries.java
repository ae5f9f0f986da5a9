package serai.show;

/** The queries of the page. Long texts are cut, so that one error cannot make the page large. */
final class StatusQueries {

    /**
     * Sources that a route reads, and those that a route read within the last month, whose rows are no longer updated.
     */
    static final String SOURCES = """
            select s.source, s.kind, s.cron, s.zone, s.registered_at, s.active,
              n.status as newest_status, n.started_at as newest_started_at, n.finished_at as newest_finished_at,
              n.rows_read as newest_read,
              n.rows_inserted as newest_inserted, n.rows_updated as newest_updated,
              n.rows_deleted as newest_deleted, n.rows_rejected as newest_rejected,
              null as newest_error,
              e.status as ended_status, e.started_at as ended_started_at, e.finished_at as ended_finished_at,
              e.rows_read as ended_read,
              e.rows_inserted as ended_inserted, e.rows_updated as ended_updated,
              e.rows_deleted as ended_deleted, e.rows_rejected as ended_rejected,
              left(e.error, 2000) as ended_error,
              (select r.finished_at from meta.runs r where r.source = s.source and r.status = 'ok'
                order by r.run_id desc limit 1) as loaded_at,
              (select r.finished_at from meta.runs r where r.source = s.source and r.status in ('ok', 'unchanged')
                order by r.run_id desc limit 1) as checked_at,
              -- a reload of an old window does not make the data older; a thousand runs is as far back as one can reach
              (select max(r.data_as_of) from (select data_as_of from meta.runs where source = s.source
                and status in ('ok', 'unchanged')
                order by run_id desc limit 1000) r) as data_as_of
            from meta.sources s
            left join lateral (
              select * from meta.runs r where r.source = s.source order by r.run_id desc limit 1) n on true
            left join lateral (select * from meta.runs r where r.source = s.source and r.status <> 'running'
              order by r.run_id desc limit 1) e on true
            where s.active or n.started_at > clock_timestamp() - interval '30 days'
            order by s.source limit 500""";

    static final String MODELS = """
            select m.model, m.kind, m.status, m.covered_to, m.rows, left(m.error, 2000) as error,
              coalesce(d.days, 0) as dirty_days, d.oldest as oldest_dirty
            from meta.model_state m
            left join (
              select model, count(*) as days, min(marked_at) as oldest
              from meta.model_dirty group by model) d using (model)
            where m.active order by m.model limit 500""";

    /** Rules that the page lists at most; there may be thousands. */
    static final int MAX_RULES = 100;

    /**
     * Rules, those with problems first. A rule is late when it is overdue, or its last run was late, by more than its
     * own interval.
     *
     * @param graceMillis a delay that never counts as late, however short the interval
     */
    static String rules(long graceMillis) {
        return """
                with judged as (
                  select *, case when late_millis > greatest(run_every_ms, %d) then late_millis end as late_by,
                    count(*) over () as rules_in_all
                  from (
                    select r.*, greatest(extract(epoch from clock_timestamp() - due_at) * 1000, lag_ms) as late_millis
                    from meta.rules r where r.active) r),
                ordered as (
                  select *, case when status = 'failed' then 0 when status = 'disabled' then 3
                    when late_by is not null then 1
                    when status = 'ok' then 4 else 2 end as place from judged),
                counted as (select *, count(*) filter (where place >= 3) over () as rules_in_order from ordered)
                select rule, type, status, last_run_at, run_every_ms, lag_ms, late_by, hits, matches,
                  left(error, 2000) as error,
                  rules_in_all, rules_in_order,
                  (select count(*) from meta.outbox o where o.rule = r.rule and o.status = 'sent') as alerts_sent
                from (select * from counted order by place, rule limit %d) r order by place, rule
                """.formatted(graceMillis, MAX_RULES);
    }

    static final String MESSAGES = """
            select count(*) filter (where status = 'sent') as sent,
              count(*) filter (where status in ('pending', 'sending')) as pending,
              count(*) filter (where status = 'failed') as failed,
              count(*) filter (where status = 'failed'
                and created_at > clock_timestamp() - interval '24 hours') as failed_today,
              min(created_at) filter (where status in ('pending', 'sending')) as oldest_waits
            from meta.outbox""";

    static final String WAITING = "select count(*) as days, min(marked_at) as since from meta.dirty";

    static final String EDITS = """
            select file, line, left(reason, 2000) as reason, edited_at from meta.edits where status = 'refused'
            order by edited_at desc, file limit 50""";

    /** Instances that have not ended, and have not missed two of the times at which they renew their row. */
    static final String INSTANCES = """
            select id, host, pid, version, started_at, seen_at from meta.instances
            where ended_at is null and seen_at > clock_timestamp() - interval '45 seconds'
            order by started_at, id limit 100""";

    private StatusQueries() {}
}
