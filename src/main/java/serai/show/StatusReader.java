package serai.show;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** Reads a {@link Status} in one read-only snapshot, by a fixed number of queries, each bounded in rows and time. */
final class StatusReader {

    private static final int STATEMENT_MILLIS = 3_000;
    // a server may vanish without closing the connection: then only a socket time-out ends the wait
    private static final int SOCKET_MILLIS = 4_000;

    private final DataSource warehouse;
    private final ShowSettings settings;

    StatusReader(DataSource warehouse, ShowSettings settings) {
        this.warehouse = warehouse;
        this.settings = settings;
    }

    /** @throws SQLException when the warehouse does not answer, or not in time */
    Status read() throws SQLException {
        try (Connection c = warehouse.getConnection()) {
            c.setNetworkTimeout(Runnable::run, SOCKET_MILLIS);
            c.setReadOnly(true);
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setAutoCommit(false);
            try {
                Sql sql = Sql.on(c);
                sql.execute("set local statement_timeout = " + STATEMENT_MILLIS);
                return read(sql);
            } finally {
                c.rollback();
            }
        }
    }

    private Status read(Sql sql) throws SQLException {
        Instant now = sql.list("select clock_timestamp() as now", r -> r.instant("now"))
                .get(0);
        List<SourceStatus> sources =
                sql.list(StatusQueries.SOURCES, r -> SourceStatus.judge(source(r), now, settings.grace()));
        List<ModelStatus> models = sql.list(StatusQueries.MODELS, r -> model(r, now));
        long[] counts = {0, 0};
        List<RuleStatus> rules =
                sql.list(StatusQueries.rules(settings.rulesGrace().toMillis()), r -> {
                    counts[0] = r.number("rules_in_all");
                    counts[1] = r.number("rules_in_order");
                    return rule(r, now);
                });
        return new Status(
                now,
                worstFirst(sources, Comparator.comparing(SourceStatus::condition)),
                worstFirst(models, Comparator.comparing(ModelStatus::condition)),
                worstFirst(rules, Comparator.comparing(RuleStatus::condition)),
                new Status.RuleCount(counts[0], counts[1]),
                sql.list(StatusQueries.MESSAGES, StatusReader::messages).get(0),
                sql.list(StatusQueries.WAITING, r -> waiting(r, now)).get(0),
                sql.list(StatusQueries.EDITS, StatusReader::edit),
                sql.list(StatusQueries.INSTANCES, StatusReader::instance));
    }

    private static Status.RunningInstance instance(Row r) throws SQLException {
        return new Status.RunningInstance(
                r.text("id"),
                r.text("host"),
                r.number("pid"),
                r.text("version"),
                r.instant("started_at"),
                r.instant("seen_at"));
    }

    private static SourceStatus.Facts source(Row r) throws SQLException {
        return new SourceStatus.Facts(
                r.text("source"),
                r.text("kind"),
                r.text("cron"),
                r.text("zone"),
                r.instant("registered_at"),
                r.flag("active"),
                run(r, "newest_"),
                run(r, "ended_"),
                r.instant("data_as_of"),
                r.instant("loaded_at"),
                r.instant("checked_at"));
    }

    private static LastRun run(Row r, String prefix) throws SQLException {
        String status = r.text(prefix + "status");
        return status == null
                ? null
                : new LastRun(
                        status,
                        r.instant(prefix + "started_at"),
                        r.instant(prefix + "finished_at"),
                        r.number(prefix + "read"),
                        r.number(prefix + "inserted"),
                        r.number(prefix + "updated"),
                        r.number(prefix + "deleted"),
                        r.number(prefix + "rejected"),
                        r.text(prefix + "error"));
    }

    private ModelStatus model(Row r, Instant now) throws SQLException {
        return ModelStatus.judge(
                r.text("model"),
                r.text("kind"),
                r.text("status"),
                r.instant("covered_to"),
                r.numberOrNull("rows"),
                r.number("dirty_days"),
                r.instant("oldest_dirty"),
                r.text("error"),
                now,
                settings.modelsWithin());
    }

    private static RuleStatus rule(Row r, Instant now) throws SQLException {
        return RuleStatus.judge(
                r.text("rule"),
                r.text("type"),
                r.text("status"),
                r.instant("last_run_at"),
                millis(r, "run_every_ms"),
                millis(r, "lag_ms"),
                millis(r, "late_by"),
                r.number("hits"),
                r.number("matches"),
                r.number("alerts_sent"),
                r.text("error"),
                now);
    }

    private static Duration millis(Row r, String column) throws SQLException {
        Long millis = r.numberOrNull(column);
        return millis == null ? null : Duration.ofMillis(millis);
    }

    private static Status.Messages messages(Row r) throws SQLException {
        return new Status.Messages(
                r.number("sent"),
                r.number("pending"),
                r.number("failed"),
                r.number("failed_today"),
                r.instant("oldest_waits"));
    }

    // every refresh processes all of them: one that stays shows that no refresh runs
    private Status.Waiting waiting(Row r, Instant now) throws SQLException {
        Instant since = r.instant("since");
        return new Status.Waiting(
                r.number("days"), since, since != null && now.isAfter(since.plus(settings.modelsWithin())));
    }

    private static Integer line(Row r) throws SQLException {
        Long line = r.numberOrNull("line");
        return line == null ? null : line.intValue();
    }

    private static Status.RefusedEdit edit(Row r) throws SQLException {
        return new Status.RefusedEdit(r.text("file"), line(r), r.text("reason"), r.instant("edited_at"));
    }

    // the queries order by name, and this sort keeps that order among equals
    private static <T> List<T> worstFirst(List<T> rows, Comparator<T> byCondition) {
        return rows.stream().sorted(byCondition.reversed()).toList();
    }
}
