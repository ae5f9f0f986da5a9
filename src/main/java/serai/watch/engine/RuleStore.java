package serai.watch.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import serai.watch.alert.AlertRule;

/**
 * Brings {@code meta.rules} in step with the rules that should run. A rule that got another name in its file carries
 * its state, its silences and its messages on; one whose file is gone is kept as inactive.
 */
final class RuleStore {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final Map<String, AlertRule> wanted;

    /** A rule's row. */
    private record Row(String rule, String file, boolean active, boolean disabled, StoredRuleState state) {}

    RuleStore(Connection connection, Map<String, AlertRule> wanted) {
        this.connection = connection;
        this.wanted = wanted;
    }

    /**
     * To be called in a transaction.
     *
     * @param held the rules that this process runs so far; null when it begins and the warehouse alone knows
     * @return the rules that run from now on; those of {@code held} are edited when the transaction is committed, not
     *     here
     */
    Map<String, RunningRule> settle(Map<String, RunningRule> held) throws SQLException {
        Map<String, Row> rows = rows(held);
        Map<String, String> leaving = leaving(rows, held);
        Map<String, String> renamed = renamed(leaving, rows, held);
        for (Map.Entry<String, String> name : renamed.entrySet()) {
            RuleRename.rename(connection, name.getKey(), name.getValue());
        }
        deactivate(
                leaving.keySet().stream().filter(n -> !renamed.containsKey(n)).toList());
        enrol();
        Map<String, String> before = new TreeMap<>();
        renamed.forEach((from, to) -> before.put(to, from));
        Map<String, RunningRule> running = new LinkedHashMap<>();
        wanted.forEach((name, alertRule) -> {
            String was = before.getOrDefault(name, name);
            RunningRule old = held == null ? null : held.get(was);
            running.put(name, old == null ? opened(alertRule, rows.get(was)) : old);
        });
        return running;
    }

    private static RunningRule opened(AlertRule alertRule, Row row) {
        String fingerprint = alertRule.rule().fingerprint();
        StoredRuleState state = row == null ? new StoredRuleState(0, null, null, JSON.createObjectNode()) : row.state();
        RunningRule rule = new RunningRule(alertRule, state.state(fingerprint), state.rest(), fingerprint);
        rule.disable(row != null && row.disabled());
        return rule;
    }

    /** Rules that ran and shall not, each with its file. */
    private Map<String, String> leaving(Map<String, Row> rows, Map<String, RunningRule> held) {
        Map<String, String> leaving = new TreeMap<>();
        if (held == null) {
            rows.values().stream()
                    .filter(r -> r.active() && !wanted.containsKey(r.rule()))
                    .forEach(r -> leaving.put(r.rule(), r.file()));
        } else {
            held.forEach((name, rule) -> {
                if (!wanted.containsKey(name)) {
                    leaving.put(name, rule.alertRule().rule().file().toString());
                }
            });
        }
        return leaving;
    }

    /** Old name and new name: as many rules of a file came as went. */
    private Map<String, String> renamed(
            Map<String, String> leaving, Map<String, Row> rows, Map<String, RunningRule> held) {
        Map<String, List<String>> coming = new TreeMap<>();
        wanted.forEach((name, alertRule) -> {
            boolean runs =
                    held == null ? rows.containsKey(name) && rows.get(name).active() : held.containsKey(name);
            if (!runs) {
                coming.computeIfAbsent(alertRule.rule().file().toString(), f -> new ArrayList<>())
                        .add(name);
            }
        });
        Map<String, String> renamed = new TreeMap<>();
        coming.forEach((file, names) -> {
            List<String> went = leaving.keySet().stream()
                    .filter(n -> leaving.get(n).equals(file))
                    .toList();
            if (went.size() == names.size()) {
                List<String> came = names.stream().sorted().toList();
                for (int i = 0; i < came.size(); i++) {
                    renamed.put(went.get(i), came.get(i));
                }
            }
        });
        return renamed;
    }

    private Map<String, Row> rows(Map<String, RunningRule> held) throws SQLException {
        Set<String> names = wanted.keySet();
        List<String> unknown = held == null
                ? List.of()
                : names.stream().filter(n -> !held.containsKey(n)).toList();
        Map<String, Row> rows = new TreeMap<>();
        try (PreparedStatement s = connection.prepareStatement("""
                select rule, file, active, disabled, runs, ends_at, seen_from, state from meta.rules where ? or rule = any (?)""")) {
            s.setBoolean(1, held == null);
            s.setArray(2, texts(unknown));
            s.setFetchSize(200);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    rows.put(r.getString(1), row(r));
                }
            }
        }
        return rows;
    }

    private Row row(ResultSet r) throws SQLException {
        try {
            // the state of a rule that does not run need not be held
            boolean needed = wanted.containsKey(r.getString(1)) || r.getBoolean(3);
            StoredRuleState state = new StoredRuleState(
                    r.getLong(5),
                    time(r, 6),
                    time(r, 7),
                    needed ? JSON.readTree(r.getString(8)) : JSON.createObjectNode());
            return new Row(r.getString(1), r.getString(2), r.getBoolean(3), r.getBoolean(4), state);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("meta.rules has a state of " + r.getString(1) + " that is not JSON", e);
        }
    }

    private static Instant time(ResultSet r, int column) throws SQLException {
        OffsetDateTime time = r.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private void deactivate(Collection<String> names) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("update meta.rules set active = false where rule = any (?)")) {
            s.setArray(1, texts(names));
            s.executeUpdate();
        }
    }

    /** Gives each rule its row, so that the page shows it before its first run. */
    private void enrol() throws SQLException {
        List<AlertRule> rules = List.copyOf(wanted.values());
        try (PreparedStatement s = connection.prepareStatement("""
                insert into meta.rules as r (rule, type, file, run_every_ms, status)
                select d.rule, d.type, d.file, d.every, d.status
                from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[]) as d(rule, type, file, every, status)
                on conflict (rule) do update set type = excluded.type, file = excluded.file, run_every_ms = excluded.run_every_ms,
                  active = true, status = case when r.disabled or excluded.status = 'disabled' then 'disabled'
                    when r.status = 'disabled' then 'unknown' else r.status end
                where (r.type, r.file, r.run_every_ms, r.active, r.status = 'disabled') is distinct from
                  (excluded.type, excluded.file, excluded.run_every_ms, true, r.disabled or excluded.status = 'disabled')""")) {
            RuleProgress.Columns<AlertRule> columns = new RuleProgress.Columns<>(s, rules);
            columns.texts(a -> a.rule().name());
            columns.texts(a -> a.rule().type());
            columns.texts(a -> a.rule().file().toString());
            columns.numbers(a -> a.rule().runEvery().toMillis());
            columns.texts(a -> a.rule().enabled() ? "unknown" : "disabled");
            s.executeUpdate();
        }
    }

    /** Forgets rules that are gone and ran last before a time. */
    static void forget(Connection c, Instant before) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(
                "delete from meta.rules where not active and not disabled and coalesce(last_run_at, ends_at, 'epoch') < ?")) {
            s.setObject(1, before.atOffset(ZoneOffset.UTC));
            s.executeUpdate();
        }
    }

    private java.sql.Array texts(Collection<String> values) throws SQLException {
        return connection.createArrayOf("text", values.toArray());
    }
}
