package serai.load.replicate;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.SectionRows;
import serai.status.StatusColumn;
import serai.status.StatusGauge;
import serai.status.StatusRow;
import serai.status.StatusSection;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/**
 * The replicated sources: how far each is, and what it costs the source. Whether its data is fresh, the sources say.
 */
final class ReplicationSection implements StatusSection {

    private static final int MOST_NAMED = 20;
    /** What has not moved for so long, although there is more to do, is stuck. */
    private static final Duration STUCK = Duration.ofMinutes(1);

    private static final Duration UNSEEN = Duration.ofMinutes(1);
    private static final Duration UNACKNOWLEDGED = Duration.ofMinutes(15);

    private static final String SOURCES = """
            select s.source, s.active, s.attempt, s.next_try, p.paused_by, p.why, p.since as paused_since,
              r.slot, r.seen_at, r.error, r.measured_at, r.received_at, r.acknowledged_at, r.written_at,
              r.current_lsn::text, r.received_lsn::text, r.acknowledged_lsn::text, r.pending_changes, r.heartbeat_at,
              r.retained_bytes, r.headroom_bytes, r.limit_bytes, r.wal_status, r.risk, r.risk_since, r.guarded_at,
              r.unpublished,
              o.position ->> 'lsn' as applied_lsn, o.updated_at as applied_at,
              (o.position ->> 'committed_at')::timestamptz as committed_at,
              greatest(pg_wal_lsn_diff(r.current_lsn, r.received_lsn), 0)::bigint as source_lag,
              -- more may be applied since it was measured
              greatest(pg_wal_lsn_diff(r.received_lsn, (o.position ->> 'lsn')::pg_lsn), 0)::bigint as apply_lag,
              e.status as ended_status, left(e.error, 2000) as ended_error, e.finished_at as ended_at,
              (select count(*) from meta.rejects j where j.source = s.source and j.resolved_at is null) as rejects
            from meta.sources s
            left join meta.replicated_sources r on r.source = s.source
            left join meta.offsets o on o.source = s.source
            left join meta.paused p on p.kind = 'source' and p.name = s.source
            left join lateral (select * from meta.runs r where r.source = s.source and r.status <> 'running'
              order by r.run_id desc limit 1) e on true
            where s.kind = 'replicate' and (s.active or r.slot is not null)
            order by s.source""";

    private static final String COUNTS = """
            select case when state = 'complete' and gap then 'comparing' else state end as state, count(*) as tables,
              count(*) filter (where lacks <> '{}') as without_audit
            from meta.replicated_tables where source = ? group by 1""";

    private static final String PARKED = """
            select source_table, reason, changed_at from meta.replicated_tables where source = ? and state = 'parked'
            order by changed_at desc, source_table limit ?""";

    private static final String WITHOUT_AUDIT = """
            select source_table, lacks from meta.tables_without_audit where source = ? order by source_table limit ?""";

    @Override
    public String name() {
        return "replication";
    }

    @Override
    public String title() {
        return "Replication";
    }

    @Override
    public String noun() {
        return "replication";
    }

    @Override
    public boolean isNotified() {
        return true;
    }

    @Override
    public List<StatusColumn> columns() {
        return List.of(
                StatusColumn.of("State", row -> row.figure("state")),
                StatusColumn.of("Data as of", StatusRow::dataAsOf),
                StatusColumn.of("Applied", StatusRow::checkedAt),
                StatusColumn.of("Source lag", row -> size(row, "sourceLagBytes")),
                StatusColumn.of("Apply lag", row -> size(row, "applyLagBytes")),
                StatusColumn.of("Log kept", row -> size(row, "retainedBytes")),
                StatusColumn.of("Headroom", row -> size(row, "headroomBytes")),
                StatusColumn.number("Tables", "tables.all"),
                StatusColumn.number("Parked", "tables.parked"),
                StatusColumn.number("Rejected", "rejects"),
                StatusColumn.number("Without audit", "tables.withoutAudit"));
    }

    private static Object size(StatusRow row, String figure) {
        return row.figure(figure) instanceof Long bytes ? HumanText.bytes(bytes) : null;
    }

    @Override
    public List<StatusGauge> gauges() {
        return List.of(
                gauge("lag_seconds", "age of the last transaction or heartbeat that was applied", "dataAsOf"),
                gauge("source_lag_bytes", "log that the source has and that was not received", "sourceLagBytes"),
                gauge("apply_lag_bytes", "log that was received and is not applied", "applyLagBytes"),
                gauge("pending_changes", "changes that were received and are not written", "pendingChanges"),
                gauge("retained_bytes", "log that the source keeps", "retainedBytes"),
                gauge("headroom_bytes", "log until the source drops what was not applied", "headroomBytes"),
                gauge("acknowledged_age_seconds", "since the source last learned what was applied", "acknowledgedAt"),
                gauge("parked_tables", "tables that are not followed", "tables.parked"));
    }

    private static StatusGauge gauge(String name, String description, String figure) {
        return StatusGauge.each(
                "serai_replicate_" + name,
                description,
                "source",
                row -> figure.equals("dataAsOf") ? row.dataAsOf() : row.figure(figure));
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        List<StatusRow> rows = new ArrayList<>();
        for (StatusRow.Builder row : sql.list(SOURCES, r -> row(sql, r, now))) {
            rows.add(row.build());
        }
        // what the sources say need not be said twice
        List<StatusRow> own = rows.stream().filter(row -> row.cause() == null).toList();
        SectionRows named = SectionRows.of(noun(), own, now);
        SectionRows all = SectionRows.of(noun(), rows, now);
        return new SectionRows(all.rows(), all.all(), all.inOrder(), named.problems());
    }

    private static StatusRow.Builder row(Sql sql, Row r, Instant now) throws SQLException {
        String source = r.text("source");
        Map<String, Object> tables = counts(sql, source);
        StatusRow.Builder row = StatusRow.of(source, "replicate")
                .dataAsOf(r.instant("committed_at"))
                .checkedAt(r.instant("applied_at"))
                .loadedAt(r.instant("written_at"))
                .error(r.text("error"));
        judgeTables(row, sql, source, tables);
        if (r.number("rejects") > 0) {
            row.finding(
                    Condition.WARN,
                    HumanText.of(r.number("rejects"), "row") + " could not be written and" + " wait in meta.rejects.",
                    null);
        }
        row.figure("state", judge(row, r, tables, now));
        // also of a source that is paused
        if (r.text("risk") != null) {
            boolean lost = "lost".equals(r.text("wal_status"));
            row.finding(lost ? Condition.FAILED : Condition.LATE, r.text("risk"), r.instant("risk_since"));
        }
        row.figure(
                "withoutAudit",
                sql.list(
                        WITHOUT_AUDIT,
                        t -> Map.of("table", t.text("source_table"), "lacks", t.texts("lacks")),
                        source,
                        MOST_NAMED));
        figures(row, r);
        return row.figure("tables", tables);
    }

    private static Map<String, Object> counts(Sql sql, String source) throws SQLException {
        Map<String, Object> tables = new LinkedHashMap<>();
        for (String state : List.of(
                "all", "complete", "copying", "catching_up", "comparing", "reloading", "parked", "withoutAudit")) {
            tables.put(state, 0L);
        }
        sql.each(
                COUNTS,
                row -> {
                    tables.put(row.text("state"), row.number("tables"));
                    tables.merge("all", row.number("tables"), (a, b) -> (Long) a + (Long) b);
                    tables.merge("withoutAudit", row.number("without_audit"), (a, b) -> (Long) a + (Long) b);
                },
                source);
        tables.put("catchingUp", tables.remove("catching_up"));
        return tables;
    }

    /** The state in words. */
    private static String judge(StatusRow.Builder row, Row r, Map<String, Object> tables, Instant now)
            throws SQLException {
        StatusRow.Paused paused = StatusRow.Paused.read(r);
        String kept = kept(r);
        if (paused != null) {
            row.actions("resume " + r.text("source")).paused(paused, paused.sentence(now) + kept);
            return "paused";
        }
        if (!r.flag("active")) {
            row.paused(
                    new StatusRow.Paused(null, null, null),
                    "No running route follows it." + kept
                            + (r.text("slot") == null
                                    ? ""
                                    : " If that is for good, drop the slot at the source: select"
                                            + " pg_drop_replication_slot('" + r.text("slot") + "');"));
            return "stopped";
        }
        row.actions("pause " + r.text("source")).attempt(r.numberOrNull("attempt"), r.instant("next_try"));
        Instant seen = r.instant("seen_at");
        if (seen == null) {
            row.finding(Condition.UNKNOWN, "It has not begun yet.", null);
            return "not begun";
        }
        if (isOlder(seen, UNSEEN, now)) {
            row.finding(Condition.LATE, "No process follows it." + kept, seen).cause("sources", r.text("source"));
            return "stopped";
        }
        if ("failed".equals(r.text("ended_status"))) {
            row.finding(Condition.FAILED, "It is tried again until it succeeds." + kept, r.instant("ended_at"))
                    .error(r.text("ended_error"))
                    .cause("sources", r.text("source"));
            return "stopped";
        }
        return judgeStream(row, r, tables, now);
    }

    private static String judgeStream(StatusRow.Builder row, Row r, Map<String, Object> tables, Instant now)
            throws SQLException {
        if (r.text("error") != null) {
            row.finding(Condition.WARN, "Not all could be done at the source.", null);
        }
        Instant written = latest(r.instant("written_at"), r.instant("applied_at"));
        Long lag = r.numberOrNull("apply_lag");
        if (lag != null && lag > 0 && isOlder(written, STUCK, now)) {
            row.finding(
                            Condition.LATE,
                            "Changes came that cannot be written since " + HumanText.clock(written, now)
                                    + " UTC: look for locks in the warehouse, and at the steps of the route.",
                            written)
                    .cause("sources", r.text("source"));
            return "stuck";
        }
        Long behind = r.numberOrNull("source_lag");
        if (behind != null && behind > 0 && isOlder(r.instant("received_at"), STUCK, now)) {
            row.finding(
                            Condition.LATE,
                            "The source sends nothing since " + HumanText.clock(r.instant("received_at"), now)
                                    + " UTC, although its log has grown by " + HumanText.bytes(behind)
                                    + ": it decodes a large transaction, or waits for one that is open.",
                            r.instant("received_at"))
                    .cause("sources", r.text("source"));
            return "stuck";
        }
        if (isOlder(r.instant("acknowledged_at"), UNACKNOWLEDGED, now)) {
            row.finding(
                    Condition.LATE,
                    "The source has not learned what was applied." + kept(r),
                    r.instant("acknowledged_at"));
        }
        long copying = (Long) tables.get("copying");
        if (copying > 0) {
            // models of these tables wait, those of others do not
            row.finding((Long) tables.get("complete") > 0 ? Condition.OK : Condition.UNKNOWN, null, null);
            return "copying " + copying + " of " + HumanText.of((Long) tables.get("all"), "table");
        }
        if ((Long) tables.get("reloading") > 0) {
            return "copying " + HumanText.of((Long) tables.get("reloading"), "table") + " anew";
        }
        if ((Long) tables.get("comparing") > 0) {
            return "comparing " + HumanText.of((Long) tables.get("comparing"), "table");
        }
        return isOlder(r.instant("written_at"), STUCK, now) || r.instant("written_at") == null ? "idle" : "following";
    }

    private static String kept(Row r) throws SQLException {
        Long retained = r.numberOrNull("retained_bytes");
        return retained == null
                ? ""
                : " The source keeps its log meanwhile: " + HumanText.bytes(retained) + " when last seen.";
    }

    private static boolean isOlder(Instant time, Duration age, Instant now) {
        return time != null && time.plus(age).isBefore(now);
    }

    private static Instant latest(Instant one, Instant other) {
        return one == null || other != null && other.isAfter(one) ? other : one;
    }

    private static void judgeTables(StatusRow.Builder row, Sql sql, String source, Map<String, Object> tables)
            throws SQLException {
        long parked = (Long) tables.get("parked");
        if (parked == 0) {
            return;
        }
        List<Map<String, Object>> named = sql.list(
                PARKED,
                r -> {
                    Map<String, Object> table = new LinkedHashMap<>();
                    table.put("table", r.text("source_table"));
                    table.put("reason", r.text("reason"));
                    table.put("since", r.instant("changed_at"));
                    return table;
                },
                source,
                MOST_NAMED);
        row.figure("parked", named);
        Map<String, Object> first = named.get(0);
        row.finding(
                Condition.WARN,
                HumanText.of(parked, "table") + " not followed: "
                        + HumanText.some(
                                named.stream()
                                        .map(table -> table.get("table") + " (" + table.get("reason") + ")")
                                        .toList(),
                                parked)
                        + " Remove the reason, then: reload " + source + ".TABLE",
                (Instant) first.get("since"));
    }

    private static void figures(StatusRow.Builder row, Row r) throws SQLException {
        row.figure("slot", r.text("slot"))
                .figure("currentLsn", r.text("current_lsn"))
                .figure("receivedLsn", r.text("received_lsn"))
                .figure("appliedLsn", r.text("applied_lsn"))
                .figure("acknowledgedLsn", r.text("acknowledged_lsn"))
                .figure("sourceLagBytes", r.numberOrNull("source_lag"))
                .figure("applyLagBytes", r.numberOrNull("apply_lag"))
                .figure("pendingChanges", r.numberOrNull("pending_changes"))
                .figure("retainedBytes", r.numberOrNull("retained_bytes"))
                .figure("headroomBytes", r.numberOrNull("headroom_bytes"))
                .figure("limitBytes", r.numberOrNull("limit_bytes"))
                .figure("walStatus", r.text("wal_status"))
                .figure("measuredAt", r.instant("measured_at"))
                .figure("receivedAt", r.instant("received_at"))
                .figure("acknowledgedAt", r.instant("acknowledged_at"))
                .figure("heartbeatAt", r.instant("heartbeat_at"))
                .figure("guardedAt", r.instant("guarded_at"))
                .figure("unpublished", r.numberOrNull("unpublished"))
                .figure("rejects", r.number("rejects"));
    }
}
