package serai.show;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;

/**
 * Reads a {@link Status} in one read-only snapshot: six queries, however many sources there are, each bounded in rows
 * and time.
 */
final class StatusReader {

    private static final int STATEMENT_MILLIS = 3_000;
    // the server may be gone without a word: then the socket has to give up, not only the statement
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
            try (Statement s = c.createStatement()) {
                s.execute("set local statement_timeout = " + STATEMENT_MILLIS);
                return read(s);
            } finally {
                c.rollback();
            }
        }
    }

    private Status read(Statement s) throws SQLException {
        Instant now =
                rows(s, "select clock_timestamp() as now", r -> time(r, "now")).get(0);
        List<SourceStatus> sources =
                rows(s, StatusQueries.SOURCES, r -> SourceStatus.judge(source(r), now, settings.grace()));
        List<ModelStatus> models = rows(s, StatusQueries.MODELS, r -> model(r, now));
        long[] counts = {0, 0};
        List<RuleStatus> rules =
                rows(s, StatusQueries.rules(settings.rulesGrace().toMillis()), r -> {
                    counts[0] = r.getLong("rules_in_all");
                    counts[1] = r.getLong("rules_in_order");
                    return rule(r, now);
                });
        return new Status(
                now,
                worstFirst(sources, Comparator.comparing(SourceStatus::condition)),
                worstFirst(models, Comparator.comparing(ModelStatus::condition)),
                worstFirst(rules, Comparator.comparing(RuleStatus::condition)),
                new Status.RuleCount(counts[0], counts[1]),
                rows(s, StatusQueries.SLACK, StatusReader::slack).get(0),
                rows(s, StatusQueries.WAITING, r -> waiting(r, now)).get(0),
                rows(s, StatusQueries.EDITS, StatusReader::edit));
    }

    private static SourceStatus.Facts source(ResultSet r) throws SQLException {
        return new SourceStatus.Facts(
                r.getString("source"),
                r.getString("kind"),
                r.getString("cron"),
                r.getString("zone"),
                time(r, "registered_at"),
                r.getBoolean("active"),
                run(r, "newest_"),
                run(r, "ended_"),
                time(r, "data_as_of"),
                time(r, "loaded_at"),
                time(r, "checked_at"));
    }

    private static LastRun run(ResultSet r, String prefix) throws SQLException {
        String status = r.getString(prefix + "status");
        return status == null
                ? null
                : new LastRun(
                        status,
                        time(r, prefix + "started_at"),
                        time(r, prefix + "finished_at"),
                        r.getLong(prefix + "read"),
                        r.getLong(prefix + "inserted"),
                        r.getLong(prefix + "deleted"),
                        r.getLong(prefix + "rejected"),
                        r.getString(prefix + "error"));
    }

    private ModelStatus model(ResultSet r, Instant now) throws SQLException {
        return ModelStatus.judge(
                r.getString("model"),
                r.getString("kind"),
                r.getString("status"),
                time(r, "covered_to"),
                r.getObject("rows", Long.class),
                r.getLong("dirty_days"),
                time(r, "oldest_dirty"),
                r.getString("error"),
                now,
                settings.modelsWithin());
    }

    private static RuleStatus rule(ResultSet r, Instant now) throws SQLException {
        return RuleStatus.judge(
                r.getString("rule"),
                r.getString("type"),
                r.getString("status"),
                time(r, "last_run_at"),
                millis(r, "run_every_ms"),
                millis(r, "lag_ms"),
                millis(r, "late_by"),
                r.getLong("hits"),
                r.getLong("matches"),
                r.getLong("alerts_sent"),
                r.getString("error"),
                now);
    }

    private static Duration millis(ResultSet r, String column) throws SQLException {
        long millis = r.getLong(column);
        return r.wasNull() ? null : Duration.ofMillis(millis);
    }

    private static Status.Slack slack(ResultSet r) throws SQLException {
        return new Status.Slack(
                r.getLong("sent"),
                r.getLong("pending"),
                r.getLong("failed"),
                r.getLong("failed_today"),
                time(r, "oldest_waits"));
    }

    // a refresh takes them all up, whatever reads them: one that stays is a sign that no refresh runs
    private Status.Waiting waiting(ResultSet r, Instant now) throws SQLException {
        Instant since = time(r, "since");
        return new Status.Waiting(
                r.getLong("days"), since, since != null && now.isAfter(since.plus(settings.modelsWithin())));
    }

    private static Status.RefusedEdit edit(ResultSet r) throws SQLException {
        return new Status.RefusedEdit(
                r.getString("file"), r.getObject("line", Integer.class), r.getString("reason"), time(r, "edited_at"));
    }

    private interface Row<T> {
        T of(ResultSet row) throws SQLException;
    }

    private static <T> List<T> rows(Statement s, String sql, Row<T> row) throws SQLException {
        List<T> all = new ArrayList<>();
        try (ResultSet r = s.executeQuery(sql)) {
            while (r.next()) {
                all.add(row.of(r));
            }
        }
        return all;
    }

    private static Instant time(ResultSet r, String column) throws SQLException {
        OffsetDateTime time = r.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    // the queries order by name, and this sort keeps that order among equals
    private static <T> List<T> worstFirst(List<T> rows, Comparator<T> byCondition) {
        return rows.stream().sorted(byCondition.reversed()).toList();
    }
}
