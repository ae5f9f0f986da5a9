package serai.load;

import java.sql.SQLException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.Schedule;
import serai.status.SectionRows;
import serai.status.StatusColumn;
import serai.status.StatusGauge;
import serai.status.StatusRow;
import serai.status.StatusSection;
import serai.status.StatusSettings;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** The sources of imports, each with its three clocks (docs/reference/freshness.md, "Three clocks"). */
final class SourceSection implements StatusSection {

    private static final int MOST = 500;

    /**
     * Sources that a route reads, and those that a route read within the last month, whose rows are no longer updated.
     * Long errors are cut, so that one cannot make the page large.
     */
    private static final String SOURCES = """
            select h.run_id as held_run, s.edited_days, s.missing_from, s.missing_end,
              s.source, s.target, s.kind, s.cron, s.zone, s.registered_at, s.active, s.attempt, s.next_try,
              n.status as newest_status, n.started_at as newest_started_at, n.finished_at as newest_finished_at,
              n.rows_read as newest_read,
              n.rows_inserted as newest_inserted, n.rows_updated as newest_updated,
              n.rows_deleted as newest_deleted, n.rows_rejected as newest_rejected,
              e.status as ended_status, left(e.error, 2000) as ended_error,
              (select min(r.started_at) from (select r.started_at, r.status from meta.runs r
                where r.source = s.source and r.run_id > coalesce(ok.run_id, 0)
                order by r.run_id desc limit 1000) r where r.status <> 'running') as not_ok_since,
              loaded.finished_at as loaded_at, loaded.rows_gone, loaded.window_from,
              ok.finished_at as checked_at,
              p.paused_by, p.why, p.since as paused_since, o.updated_at as applied_at, f.written_at,
              (o.position ->> 'committed_at')::timestamptz as committed_at,
              (select count(*) from meta.replicated_tables t where t.source = s.source) as tables,
              (select count(*) from meta.replicated_tables t
                where t.source = s.source and t.state = 'copying') as tables_copying,
              l.first_day as reload_first, l.end_day as reload_end, l.next_day as reload_next, l.requested_at,
              (select min(c.complete_to) from meta.completeness c where c.source = s.source) as complete_to,
              -- a reload of an old window does not make the data older; a thousand runs is as far back as one can reach
              (select max(r.data_as_of) from (select data_as_of from meta.runs where source = s.source
                and status in ('ok', 'unchanged')
                order by run_id desc limit 1000) r) as data_as_of
            from meta.sources s
            left join meta.reloads l on l.source = s.source
            left join meta.held h on h.source = s.source
            left join meta.offsets o on s.kind = 'replicate' and o.source = s.source
            left join meta.replicated_sources f on f.source = s.source
            left join meta.paused p on p.kind = 'source' and p.name = s.source
            left join lateral (
              select * from meta.runs r where r.source = s.source order by r.run_id desc limit 1) n on true
            left join lateral (select * from meta.runs r where r.source = s.source and r.status <> 'running'
              order by r.run_id desc limit 1) e on true
            left join lateral (select r.run_id, r.finished_at from meta.runs r
              where r.source = s.source and r.status in ('ok', 'unchanged') order by r.run_id desc limit 1) ok on true
            left join lateral (select r.finished_at, r.rows_gone, r.window_from from meta.runs r
              where r.source = s.source and r.status = 'ok' order by r.run_id desc limit 1) loaded on true
            where s.active or n.started_at > clock_timestamp() - ?::bigint * interval '1 second'
            order by s.source limit ?""";

    private final StatusSettings settings;

    SourceSection(StatusSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "sources";
    }

    @Override
    public String title() {
        return "Sources";
    }

    @Override
    public String noun() {
        return "source";
    }

    @Override
    public String empty() {
        return "Nothing is loaded yet. Each route file in routes/load is a source.";
    }

    @Override
    public boolean isData() {
        return true;
    }

    @Override
    public boolean isNotified() {
        return true;
    }

    @Override
    public List<StatusColumn> columns() {
        return List.of(
                StatusColumn.of("Data as of", StatusRow::dataAsOf),
                StatusColumn.of("Complete to", StatusRow::completeTo),
                StatusColumn.of("Loaded", StatusRow::loadedAt),
                StatusColumn.of("Checked", StatusRow::checkedAt),
                StatusColumn.of("Due by", StatusRow::dueBy),
                StatusColumn.of("Last run", row -> row.figure("lastRun.startedAt")),
                StatusColumn.number("Read", "lastRun.read"),
                StatusColumn.number("Inserted", "lastRun.inserted"),
                StatusColumn.number("Deleted", "lastRun.deleted"),
                StatusColumn.number("Rejected", "lastRun.rejected"));
    }

    @Override
    public List<StatusGauge> gauges() {
        return List.of(
                StatusGauge.each(
                        "serai_load_source_age_seconds",
                        "age of a source's newest data",
                        "source",
                        StatusRow::dataAsOf),
                StatusGauge.each(
                        "serai_load_source_condition_level",
                        "0 ok, 1 paused, 2 not run yet, 3 needs attention, 4 held, 5 late, 6 failed",
                        "source",
                        row -> row.condition().ordinal()));
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        return SectionRows.of(
                "",
                sql.list(SOURCES, r -> row(r, now), settings.removedSources().toSeconds(), Math.max(most, MOST)),
                now);
    }

    private StatusRow row(Row r, Instant now) throws SQLException {
        String source = r.text("source");
        boolean followed = isFollowed(r);
        StatusRow.Builder row = StatusRow.of(source, r.text("kind"))
                .dataAsOf(r.instant(followed ? "committed_at" : "data_as_of"))
                .completeTo(r.instant("complete_to"))
                .loadedAt(r.instant(followed ? "written_at" : "loaded_at"))
                .checkedAt(r.instant(followed ? "applied_at" : "checked_at"))
                .figure("lastRun", lastRun(r));
        judgeRun(row, r, now);
        if (r.date("reload_first") != null) {
            row.finding(
                    Condition.OK,
                    "It imports " + r.date("reload_first") + " to "
                            + r.date("reload_end").minusDays(1) + " again; " + r.date("reload_next") + " comes next.",
                    r.instant("requested_at"));
        }
        judgeTable(row, r);
        judgeGone(row, r);
        StatusRow.Paused paused = StatusRow.Paused.read(r);
        if (paused != null) {
            row.actions("resume " + source).paused(paused, paused.sentence(now));
        } else if (r.flag("active")) {
            row.actions(actions(r).toArray(String[]::new)).attempt(r.numberOrNull("attempt"), r.instant("next_try"));
            if (followed) {
                judgeStream(row, r, now);
            } else {
                judgeSchedule(row, r, now);
            }
        } else {
            row.actions("forget " + source)
                    .paused(
                            new StatusRow.Paused(null, null, null),
                            "No running route reads it."
                                    + (r.text("target") == null ? "" : " Its table " + r.text("target") + " stays."));
        }
        return row.build();
    }

    private static List<String> actions(Row r) throws SQLException {
        String source = r.text("source");
        List<String> actions = new ArrayList<>();
        if (r.numberOrNull("held_run") != null) {
            actions.add("accept " + source);
        }
        if (!isPushed(r) && !isFollowed(r)) {
            actions.add("load now " + source);
        }
        actions.add("pause " + source);
        return actions;
    }

    /** The result of the newest run that ended: a run in progress does not count. */
    private static void judgeRun(StatusRow.Builder row, Row r, Instant now) throws SQLException {
        String ended = r.text("ended_status");
        Instant loadedAt = r.instant(isFollowed(r) ? "written_at" : "loaded_at");
        String rows = loadedAt == null
                ? " Nothing has been loaded yet."
                : " The rows loaded " + HumanText.age(loadedAt, now) + " stay.";
        Instant since = r.instant("not_ok_since");
        boolean runs = r.text("newest_status") != null;
        if (ended == null && r.number("tables_copying") > 0) {
            return;
        }
        if (ended == null && !runs && isPushed(r)) {
            // nothing is due that has not come
            row.finding(Condition.OK, "Nothing has arrived yet.", null);
            return;
        }
        if (ended == null) {
            row.finding(
                    Condition.UNKNOWN,
                    runs ? "Its first run is in progress." : "It has not run yet.",
                    r.instant("registered_at"));
            return;
        }
        switch (ended) {
            case "ok", "unchanged" -> {
                return;
            }
            case "interrupted" -> row.finding(Condition.WARN, "The last run was interrupted." + rows, since);
            case "held" -> row.finding(Condition.HELD, "The reply of the last run was not trusted." + rows, since);
            default -> row.finding(Condition.FAILED, "The last run failed." + rows, since);
        }
        row.error(r.text("ended_error"));
    }

    /** What the last import has noticed in its table, and left. */
    private static void judgeTable(StatusRow.Builder row, Row r) throws SQLException {
        if (r.number("edited_days") > 0) {
            row.finding(
                    Condition.WARN,
                    "Someone has changed rows of " + r.number("edited_days")
                            + " days in its table; they stay (restoreEdits: false).",
                    null);
        }
        if (r.date("missing_from") != null) {
            String days = "--from " + r.date("missing_from") + " --to "
                    + r.date("missing_end").minusDays(1);
            row.finding(
                    Condition.WARN,
                    "Its table has no rows of older days: reload " + r.text("source") + " " + days + ".",
                    null);
        }
    }

    /** A row that the source dates back behind the window is gone from it, as one is that the source has deleted. */
    private static void judgeGone(StatusRow.Builder row, Row r) throws SQLException {
        Long gone = r.numberOrNull("rows_gone");
        if (gone != null && gone > 0) {
            LocalDate first = LocalDate.ofInstant(r.instant("window_from"), ZoneId.of(r.text("zone")));
            row.finding(
                    Condition.OK,
                    "At its last load " + gone + " rows were gone: the source has deleted them or dated them back. Rows"
                            + " dated before " + first + " come by the command reload.",
                    null);
        }
    }

    /** Whether its rows come when another program or a person sends them. */
    private static boolean isPushed(Row r) throws SQLException {
        return UpsertRows.KIND.equals(r.text("kind"));
    }

    /** Whether it is a database whose log is followed. */
    private static boolean isFollowed(Row r) throws SQLException {
        return SourceRegistry.REPLICATE.equals(r.text("kind"));
    }

    /** Heartbeats bring the data on also when the source is idle. */
    private void judgeStream(StatusRow.Builder row, Row r, Instant now) throws SQLException {
        if (r.number("tables_copying") > 0) {
            row.finding(
                    r.number("tables_copying") < r.number("tables") ? Condition.OK : Condition.UNKNOWN,
                    "Its tables are copied: " + r.number("tables_copying") + " of " + r.number("tables")
                            + " are not yet.",
                    r.instant("registered_at"));
        }
        Instant asOf = r.instant("committed_at");
        if (asOf != null) {
            Instant dueBy = asOf.plus(settings.grace());
            row.schedule(null, dueBy);
            if (now.isAfter(dueBy)) {
                row.finding(Condition.LATE, "It is behind its database; see Replication for the reason.", dueBy);
            }
        }
    }

    private void judgeSchedule(StatusRow.Builder row, Row r, Instant now) throws SQLException {
        String cron = r.text("cron");
        if (cron == null || cron.isBlank()) {
            return;
        }
        Instant checkedAt = r.instant("checked_at");
        Schedule schedule = new Schedule(cron, r.text("zone"), settings.grace());
        try {
            Instant dueBy = schedule.dueBy(checkedAt == null ? r.instant("registered_at") : checkedAt);
            row.schedule(schedule, dueBy);
            if (dueBy != null && now.isAfter(dueBy)) {
                row.finding(Condition.LATE, "Late by " + HumanText.span(Duration.between(dueBy, now)) + ".", dueBy);
            }
        } catch (ParseException e) {
            row.schedule(schedule, null)
                    .finding(
                            Condition.WARN,
                            "Its cron '" + cron + "' cannot be read, so it has no due time.",
                            r.instant("registered_at"));
        }
    }

    private static Map<String, Object> lastRun(Row r) throws SQLException {
        if (r.text("newest_status") == null) {
            return null;
        }
        Map<String, Object> run = new LinkedHashMap<>();
        Instant started = r.instant("newest_started_at");
        Instant finished = r.instant("newest_finished_at");
        run.put("startedAt", started);
        run.put(
                "millis",
                finished == null ? null : Duration.between(started, finished).toMillis());
        for (String count : List.of("read", "inserted", "updated", "deleted", "rejected")) {
            run.put(count, r.number("newest_" + count));
        }
        return run;
    }
}
