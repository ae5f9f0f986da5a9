package serai.watch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.List;
import serai.settings.Secrets;
import serai.warehouse.PostgresJson;
import serai.warehouse.Sql;
import serai.watch.run.RuleRun;

/**
 * What a run that succeeded changes in its rule's row of {@code meta.rules}. All runs of a batch are written by one
 * statement. What changes with each run has columns of its own; the rest of the state is written only when it changed.
 *
 * @param stored the rest of the state, as {@link serai.watch.run.RuleState#stored} gives it
 * @param rejected the documents that were rejected lately, with those of this run
 * @param status {@code meta.rules.status}
 */
record RuleProgress(FinishedRun run, JsonNode stored, RejectedDocuments rejected, String status) {

    /** Why messages of a rule wait that their receiver refused. */
    private static final String REFUSED_MESSAGES = """
            select 'Messages wait, because a receiver refuses them: ' || o.error || '.' as error from meta.outbox o
            where o.rule = %s and o.refused_at is not null and o.status in ('pending', 'sending')
            order by o.message_id desc limit 1""";

    /** A running rule has no row any more: an operator has removed it, so that the rule begins without state. */
    static final class MissingRowException extends Exception {
        MissingRowException() {
            super("meta.rules has no row of a rule that runs; it was removed, so all rules are read again");
        }
    }

    /** @param rejectedShare the share of rejected documents above which a rule counts as failed */
    static RuleProgress of(FinishedRun run, double rejectedShare) {
        RejectedDocuments rejected = run.rule().rejected().after(run.result(), run.startedAt());
        return new RuleProgress(
                run,
                run.result().after().stored(run.alertRule().rule().fingerprint()),
                rejected,
                status(run, rejected.status(rejectedShare)));
    }

    /** A run that was under way when its rule was disabled does not let the rule look enabled. */
    private static String status(FinishedRun run, String status) {
        return run.rule().isDisabled() ? "disabled" : status;
    }

    static void write(Sql sql, List<RuleProgress> progress) throws SQLException, MissingRowException {
        long written = sql.update(
                """
                update meta.rules r set runs = r.runs + 1,
                  status = case when d.status = 'ok' and u.error is not null then 'warning' else d.status end,
                  error = nullif(concat_ws(' ', u.error, d.error), ''),
                  failing_since = case when d.status = 'failed' then coalesce(r.failing_since, d.started) end,
                  rejected = d.rejected, rejected_of = d.rejected_of, rejected_since = d.rejected_since,
                  rejected_reason = d.rejected_reason,
                  merged_runs = r.merged_runs + d.merged, ends_at = d.ends_at, seen_from = d.seen_from,
                  state = coalesce(d.state::jsonb, r.state), last_run_at = d.started, lag_ms = d.lag,
                  last_run_ms = d.took, due_at = d.due, hits = r.hits + d.hits, matches = r.matches + d.matches
                from unnest(?::text[], ?::text[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::text[],
                  ?::timestamptz[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::bigint[], ?::bigint[],
                  ?::text[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::text[])
                  as d(rule, error, merged, ends_at, seen_from, state, started, lag, took, due, hits, matches,
                    status, rejected, rejected_of, rejected_since, rejected_reason)
                  left join lateral (%s) u on true
                where r.rule = d.rule""".formatted(REFUSED_MESSAGES.formatted("d.rule")),
                Sql.columns(
                        progress,
                        p -> p.run.rule().name(),
                        p -> Secrets.mask(p.notice()),
                        p -> p.run.start().merged(),
                        p -> p.run.result().after().endsAt(),
                        p -> p.run.result().after().rememberedFrom(),
                        p -> p.stored.equals(p.run.rule().stored()) ? null : PostgresJson.text(p.stored),
                        p -> p.run.startedAt(),
                        p -> p.run.start().lag().toMillis(),
                        p -> p.run.duration().toMillis(),
                        p -> p.run.rule().due(),
                        p -> p.run.result().fresh(),
                        p -> p.run.result().matches().size(),
                        RuleProgress::status,
                        p -> p.rejected.rejected(),
                        p -> p.rejected.read(),
                        p -> p.rejected.since(),
                        p -> p.rejected.reason()));
        if (written != progress.size()) {
            throw new MissingRowException();
        }
    }

    /** Marks rules whose messages were refused since their last run. */
    static void markRefused(Sql sql) throws SQLException {
        sql.update("""
                update meta.rules r set status = 'warning', error = u.error
                from (select distinct o.rule from meta.outbox o
                  where o.refused_at is not null and o.status in ('pending', 'sending')) d
                  cross join lateral (%s) u
                where r.rule = d.rule and r.status = 'ok'""".formatted(REFUSED_MESSAGES.formatted("d.rule")));
    }

    private String notice() {
        if (rejected.since() != null) {
            return rejected.text();
        }
        RuleRun.Result result = run.result();
        String notices = String.join(" ", run.alertRule().notices());
        return result.notice() != null ? result.notice() : notices.isEmpty() ? null : "line " + notices;
    }

    /** Takes the state over into the running rule; called after the commit. */
    void committed() {
        run.rule().advance(run.result().after(), stored, run.alertRule().rule().fingerprint(), rejected);
    }

    /** Writes that the last run of rules failed; their state stays as it was. */
    static void writeFailures(Sql sql, List<FinishedRun> runs) throws SQLException {
        sql.update(
                """
                update meta.rules r set status = d.status, error = d.error, last_run_at = d.started, lag_ms = d.lag,
                  last_run_ms = d.took, due_at = d.due, merged_runs = r.merged_runs + d.merged,
                  failing_since = coalesce(r.failing_since, d.started)
                from unnest(?::text[], ?::text[], ?::timestamptz[], ?::bigint[], ?::bigint[], ?::timestamptz[],
                  ?::bigint[], ?::text[])
                  as d(rule, error, started, lag, took, due, merged, status)
                where r.rule = d.rule""",
                Sql.columns(
                        runs,
                        run -> run.rule().name(),
                        run -> Secrets.mask(run.failure()).replace('\0', '\uFFFD'),
                        FinishedRun::startedAt,
                        run -> run.start().lag().toMillis(),
                        run -> run.duration().toMillis(),
                        run -> run.rule().due(),
                        run -> run.start().merged(),
                        run -> status(run, "failed")));
    }
}
