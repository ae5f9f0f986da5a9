package serai.watch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import serai.watch.run.RuleRun;
import serai.watch.store.PostgresJson;

/**
 * Writes how far rules have come into {@code meta.rules}: all runs of a batch in one statement, and a state only where
 * it changed.
 */
final class RuleProgress {

    /** A run that succeeded, what it leaves, and what of that is written: null when the warehouse holds it already. */
    record Step(FinishedRun run, StoredRuleState after, JsonNode changed) {

        static Step of(FinishedRun run) {
            StoredRuleState after =
                    StoredRuleState.of(run.result().after(), run.by().rule().fingerprint());
            boolean same = after.rest().equals(run.rule().kept());
            return new Step(run, after, same ? null : after.rest());
        }
    }

    private RuleProgress() {}

    static void write(Connection c, List<Step> steps) throws SQLException, RuleRowMissingException {
        try (PreparedStatement s = c.prepareStatement("""
                update meta.rules r set status = 'ok', error = d.error, failing_since = null, runs = r.runs + 1,
                  merged_runs = r.merged_runs + d.merged, ends_at = d.ends_at, seen_from = d.seen_from,
                  state = coalesce(d.state::jsonb, r.state), last_run_at = d.started, lag_ms = d.lag, last_run_ms = d.took,
                  due_at = d.due, hits = r.hits + d.hits, matches = r.matches + d.matches
                from unnest(?::text[], ?::text[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::timestamptz[],
                  ?::bigint[], ?::bigint[], ?::timestamptz[], ?::bigint[], ?::bigint[])
                  as d(rule, error, merged, ends_at, seen_from, state, started, lag, took, due, hits, matches)
                where r.rule = d.rule""")) {
            Columns<Step> columns = new Columns<>(s, steps);
            columns.texts(t -> t.run().rule().name());
            columns.texts(t -> notice(t.run()));
            columns.numbers(t -> (long) t.run().merged());
            columns.times(t -> t.after().endsAt());
            columns.times(t -> t.after().seenFrom());
            columns.texts(t -> t.changed() == null ? null : PostgresJson.text(t.changed()));
            columns.times(t -> t.run().started());
            columns.numbers(t -> t.run().lag().toMillis());
            columns.numbers(t -> t.run().took().toMillis());
            columns.times(t -> t.run().rule().due());
            columns.numbers(t -> t.run().result().fresh());
            columns.numbers(t -> (long) t.run().result().matches().size());
            if (s.executeUpdate() != steps.size()) {
                throw new RuleRowMissingException();
            }
        }
    }

    private static String notice(FinishedRun run) {
        RuleRun.Result result = run.result();
        String notices = String.join(" ", run.by().notices());
        return result.notice() != null ? result.notice() : notices.isEmpty() ? null : "line " + notices;
    }

    /** Says of rules that their last run failed; what they remember stays as it was. */
    static void failed(Connection c, List<FinishedRun> runs) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("""
                update meta.rules r set status = 'failed', error = d.error, last_run_at = d.started, lag_ms = d.lag,
                  last_run_ms = d.took, due_at = d.due, merged_runs = r.merged_runs + d.merged,
                  failing_since = coalesce(r.failing_since, d.started)
                from unnest(?::text[], ?::text[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::bigint[])
                  as d(rule, error, started, lag, took, due, merged)
                where r.rule = d.rule""")) {
            Columns<FinishedRun> columns = new Columns<>(s, runs);
            columns.texts(t -> t.rule().name());
            columns.texts(t -> t.failure().replace('\0', '\uFFFD'));
            columns.times(FinishedRun::started);
            columns.numbers(t -> t.lag().toMillis());
            columns.numbers(t -> t.took().toMillis());
            columns.times(t -> t.rule().due());
            columns.numbers(t -> (long) t.merged());
            s.executeUpdate();
        }
    }

    /** Fills a statement's parameters with arrays, one a column. */
    static final class Columns<T> {

        private final PreparedStatement statement;
        private final List<T> rows;
        private int index;

        Columns(PreparedStatement statement, List<T> rows) {
            this.statement = statement;
            this.rows = rows;
        }

        void texts(Function<T, String> value) throws SQLException {
            set("text", value);
        }

        void numbers(Function<T, Long> value) throws SQLException {
            set("bigint", value);
        }

        void times(Function<T, Instant> value) throws SQLException {
            set("timestamptz", t -> Objects.toString(value.apply(t), null));
        }

        private void set(String type, Function<T, ?> value) throws SQLException {
            statement.setArray(
                    ++index,
                    statement
                            .getConnection()
                            .createArrayOf(type, rows.stream().map(value).toArray()));
        }
    }
}
