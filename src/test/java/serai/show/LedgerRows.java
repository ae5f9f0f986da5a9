package serai.show;

import java.time.Instant;
import serai.testing.TestDatabase;

/** Puts rows into {@code meta.*}, as the other rooms do. */
final class LedgerRows {

    private final TestDatabase database;

    LedgerRows(TestDatabase database) {
        this.database = database;
    }

    void source(String name, String cron, Instant registeredAt) {
        run(
                "insert into meta.sources (source, kind, cron, registered_at) values (?, 'metabase-report', ?, ?)",
                name,
                cron,
                registeredAt);
    }

    void pause(String name) {
        run("update meta.sources set active = false where source = ?", name);
    }

    void run(String source, String status, Instant startedAt, Instant finishedAt, Instant dataAsOf, String error) {
        run("""
                insert into meta.runs (source, kind, status, started_at, finished_at, rows_read, rows_inserted, rows_updated,
                  rows_deleted, rows_rejected,
                  data_as_of, error) values (?, 'metabase-report', ?, ?, ?, 48210, 48207, 12, 47995, 3, ?, ?)""", source, status, startedAt, finishedAt, dataAsOf, error);
    }

    void model(String name, String kind, String status, Instant coveredTo, Long rows, String error) {
        run(
                "insert into meta.model_state (model, kind, status, covered_to, rows, error) values (?, ?, ?, ?, ?, ?)",
                name,
                kind,
                status,
                coveredTo,
                rows,
                error);
    }

    void dirtyDay(String model, String day, Instant since) {
        run("insert into meta.model_dirty (model, unit, marked_at) values (?, ?::date, ?)", model, day, since);
    }

    void rule(String name, String type, String status, Instant lastRun, long hits, long matches, String error) {
        run("""
                insert into meta.rules (rule, type, file, status, last_run_at, hits, matches, error, run_every_ms, lag_ms, due_at)
                values (?, ?, 'routes/alerts/x.yaml', ?, ?, ?, ?, ?, 60000, 12, ?)""", name, type, status, lastRun, hits, matches, error, lastRun == null ? null : lastRun.plusSeconds(60));
    }

    void message(String key, String rule, String status, Instant createdAt) {
        run(
                "insert into meta.outbox (dedupe_key, rule, channel, target, payload, status, created_at) values "
                        + "(?, ?, 'slack', 'a hash', '{}', ?, ?)",
                key,
                rule,
                status,
                createdAt);
    }

    void instance(String id, Instant seenAt, Instant endedAt) {
        run("""
                insert into meta.instances (id, host, pid, version, started_at, seen_at, ended_at)
                values (?, 'h', 7, '1.0', '2026-11-22T11:00:00Z', ?, ?::timestamptz)""", id, seenAt, endedAt);
    }

    void refused(String file, Integer line, String reason, Instant at) {
        run(
                "insert into meta.edits (file, status, line, reason, edited_at) values (?, 'refused', ?, ?, ?)",
                file,
                line,
                reason,
                at);
    }

    void run(String sql, Object... values) {
        database.execute(sql, values);
    }
}
