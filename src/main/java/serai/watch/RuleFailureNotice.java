package serai.watch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alerter.SlackMentions;
import serai.watch.outbox.OperatorNotices;

/**
 * Notifies operators when rules have failed, or not run, for long: once then and once when they run again, many rules
 * in one message. It reads only {@code meta.rules}, so it also works when the engine that runs the rules has stopped.
 */
final class RuleFailureNotice {

    private static final int MOST_NAMED = 5;
    private static final int MOST_REASONS = 10;
    private static final int LONGEST_REASON = 500;

    private final Warehouse warehouse;
    private final Duration after;
    private final OperatorNotices operators;

    /** @param after how long a rule may fail, or not run */
    RuleFailureNotice(Warehouse warehouse, Duration after, OperatorNotices operators) {
        this.warehouse = warehouse;
        this.after = after;
        this.operators = operators;
    }

    /** Queues a notice if there is news; to be called from time to time. Does nothing while another process does it. */
    void check() throws Exception {
        Optional<Writer> lease = operators.isEnabled() ? warehouse.tryWriter("failure-notice") : Optional.empty();
        if (lease.isEmpty()) {
            return;
        }
        try (Writer writer = lease.get()) {
            Map<String, List<String>> failing = changed(writer.connection(), true);
            Map<String, List<String>> recovered = changed(writer.connection(), false);
            if (failing.isEmpty() && recovered.isEmpty()) {
                return;
            }
            writer.commitWithState(tx -> {
                mark(tx.connection(), failing, true);
                mark(tx.connection(), recovered, false);
                operators.queue(tx.connection(), UUID.randomUUID().toString(), text(failing, recovered));
                return RunOutcome.ok();
            });
        }
    }

    /**
     * The names of rules by reason.
     *
     * @param failing whether those whose failure was not reported are wanted; otherwise those that run again since it
     *     was
     */
    private Map<String, List<String>> changed(Connection c, boolean failing) throws SQLException {
        Map<String, List<String>> rules = new TreeMap<>();
        Sql.on(c)
                .each(
                        """
                        select rule, case when not in_trouble then ''
                          when status = 'failed' then left(error, ?)
                          else 'no run ended, not even in a failure' end as reason
                        from (select *,
                            coalesce(status = 'failed'
                              and failing_since < clock_timestamp() - ? * interval '1 ms', false)
                            or coalesce(due_at
                              < clock_timestamp() - greatest(?, run_every_ms) * interval '1 ms', false) as in_trouble
                          from meta.rules where active and not disabled and status <> 'disabled') r
                        where in_trouble = ? and failure_notified <> ? order by rule""",
                        row -> rules.computeIfAbsent(row.text("reason"), reason -> new ArrayList<>())
                                .add(row.text("rule")),
                        LONGEST_REASON,
                        after.toMillis(),
                        after.toMillis(),
                        failing,
                        failing);
        return rules;
    }

    private static void mark(Connection c, Map<String, List<String>> rules, boolean notified) throws SQLException {
        Sql.on(c)
                .update(
                        "update meta.rules set failure_notified = ? where rule = any (?)",
                        notified,
                        rules.values().stream().flatMap(List::stream).toList());
    }

    private String text(Map<String, List<String>> failing, Map<String, List<String>> recovered) {
        List<String> lines = new ArrayList<>();
        failing.entrySet().stream()
                .limit(MOST_REASONS)
                .forEach(rules -> lines.add(":warning: No successful run of " + named(rules.getValue())
                        + " for more than " + after.toSeconds() + " s: " + SlackMentions.text(rules.getKey())));
        if (failing.size() > MOST_REASONS) {
            lines.add("and " + (failing.size() - MOST_REASONS) + " other reasons; the page names them.");
        }
        if (!failing.isEmpty()) {
            lines.add("When they run again, they cover the time since their last run.");
        }
        recovered
                .values()
                .forEach(rules -> lines.add(":white_check_mark: Successful runs again of " + named(rules) + "."));
        return String.join("\n", lines);
    }

    private static String named(List<String> rules) {
        String names = SlackMentions.text(String.join(", ", rules.subList(0, Math.min(MOST_NAMED, rules.size()))));
        String others = rules.size() > MOST_NAMED ? " and " + (rules.size() - MOST_NAMED) + " more" : "";
        return rules.size() == 1 ? "alert rule " + names : rules.size() + " alert rules (" + names + others + ")";
    }
}
