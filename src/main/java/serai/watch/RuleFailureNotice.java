package serai.watch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alerter.Destination;
import serai.watch.store.PostgresJson;

/**
 * Tells Slack when rules have failed, or not run, for long: once when it has lasted so long and once when they run
 * again, many rules in one message. It looks at {@code meta.rules} alone, so it speaks as well when what runs the rules
 * stands still.
 */
final class RuleFailureNotice {

    private static final int MOST_NAMED = 5;
    private static final int MOST_REASONS = 10;
    private static final int LONGEST_REASON = 500;

    private final Warehouse warehouse;
    private final Duration after;
    private final Destination destination;

    /** @param destination who is told; null for nobody */
    RuleFailureNotice(Warehouse warehouse, Duration after, Destination destination) {
        this.warehouse = warehouse;
        this.after = after;
        this.destination = destination;
    }

    /** To be called now and then; another process that does it as well is waited for by neither. */
    void tell() throws Exception {
        Optional<Writer> taken = destination == null ? Optional.empty() : warehouse.tryWriter("failure-notice");
        if (taken.isEmpty()) {
            return;
        }
        try (Writer writer = taken.get()) {
            Map<String, List<String>> troubles = changed(writer.connection(), true);
            Map<String, List<String>> recovered = changed(writer.connection(), false);
            if (troubles.isEmpty() && recovered.isEmpty()) {
                return;
            }
            writer.commitWithState(tx -> {
                note(tx.connection(), troubles, true);
                note(tx.connection(), recovered, false);
                send(tx.connection(), text(troubles, recovered));
                return RunOutcome.ok(0, 1, 0, 0, null);
            });
        }
    }

    /**
     * Rules by the reason of their trouble that nobody was told of; or those that are out of a trouble that was told.
     */
    private Map<String, List<String>> changed(Connection c, boolean trouble) throws SQLException {
        Map<String, List<String>> rules = new TreeMap<>();
        try (PreparedStatement s = c.prepareStatement("""
                select rule, case when status = 'failed' then left(error, ?) else 'no run ended, in a failure either' end
                from (select *, coalesce(status = 'failed' and failing_since < clock_timestamp() - ? * interval '1 ms', false)
                    or coalesce(due_at < clock_timestamp() - greatest(?, run_every_ms) * interval '1 ms', false) as in_trouble
                  from meta.rules where active and not disabled and status <> 'disabled') r
                where in_trouble = ? and failure_notified <> ? order by rule""")) {
            s.setInt(1, LONGEST_REASON);
            s.setLong(2, after.toMillis());
            s.setLong(3, after.toMillis());
            s.setBoolean(4, trouble);
            s.setBoolean(5, trouble);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rules.computeIfAbsent(trouble ? r.getString(2) : "", reason -> new ArrayList<>())
                            .add(r.getString(1));
                }
            }
        }
        return rules;
    }

    private static void note(Connection c, Map<String, List<String>> rules, boolean told) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("update meta.rules set failure_notified = ? where rule = any (?)")) {
            s.setBoolean(1, told);
            s.setArray(
                    2,
                    c.createArrayOf(
                            "text",
                            rules.values().stream().flatMap(List::stream).toArray()));
            s.executeUpdate();
        }
    }

    private String text(Map<String, List<String>> troubles, Map<String, List<String>> recovered) {
        List<String> lines = new ArrayList<>();
        troubles.entrySet().stream()
                .limit(MOST_REASONS)
                .forEach(trouble -> lines.add(":warning: " + named(trouble.getValue()) + " for more than "
                        + after.toSeconds() + " s without a run that succeeded: " + trouble.getKey()));
        if (troubles.size() > MOST_REASONS) {
            lines.add("and " + (troubles.size() - MOST_REASONS) + " other reasons; the page names them.");
        }
        if (!troubles.isEmpty()) {
            lines.add("Their time is covered when they run again.");
        }
        recovered.values().forEach(rules -> lines.add(":white_check_mark: " + named(rules) + " again in order."));
        return String.join("\n", lines);
    }

    private static String named(List<String> rules) {
        String names = String.join(", ", rules.subList(0, Math.min(MOST_NAMED, rules.size())));
        String others = rules.size() > MOST_NAMED ? " and " + (rules.size() - MOST_NAMED) + " more" : "";
        return (rules.size() == 1 ? "Alert rule " : rules.size() + " alert rules (")
                + names
                + others
                + (rules.size() == 1 ? "" : ")");
    }

    private void send(Connection c, String text) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                "insert into meta.outbox (dedupe_key, rule, channel, target, payload) values (?, '', ?, ?, ?::jsonb)")) {
            s.setString(1, UUID.randomUUID().toString());
            s.setString(2, destination.channel());
            s.setString(3, destination.target());
            s.setString(
                    4, PostgresJson.text(JsonNodeFactory.instance.objectNode().put("text", text)));
            s.executeUpdate();
        }
    }
}
