package serai.watch.elastalert;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertGroup;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Finding;
import serai.watch.alert.Silence;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.store.WarehouseAlertStore;

/**
 * Gives rules that never ran here what a stopped ElastAlert left of them: the end of their last run, silences, and
 * alerts that were not delivered. A rule's share is committed together with the note that it was taken
 * ({@code meta.elastalert}), so it is taken once.
 */
final class StateImport {

    private static final Logger LOG = LoggerFactory.getLogger(StateImport.class);

    /** Begins the id of a group that was taken over; what follows is the id of its document. */
    private static final String GROUP = "elastalert:";

    private final Warehouse warehouse;
    private final StateReader scan;
    private final StateIndices indices;
    private final Duration oldQueryLimit;
    private final Duration alertTimeLimit;

    /**
     * @param oldQueryLimit a last run that is longer ago is as if it had not been
     * @param alertTimeLimit alerts that should have been delivered longer ago are given up
     */
    StateImport(
            Warehouse warehouse,
            StateReader scan,
            StateIndices indices,
            Duration oldQueryLimit,
            Duration alertTimeLimit) {
        this.warehouse = warehouse;
        this.scan = scan;
        this.indices = indices;
        this.oldQueryLimit = oldQueryLimit;
        this.alertTimeLimit = alertTimeLimit;
    }

    /**
     * Those rules that neither ran here nor were taken over. A rule of a file that had another one is that one under a
     * new name.
     *
     * @param rules the rules by their names
     */
    Map<String, AlertRule> left(Map<String, AlertRule> rules) throws SQLException {
        Map<String, AlertRule> left = new LinkedHashMap<>(rules);
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement("""
                select rule, null from meta.elastalert union all select rule, file from meta.rules where ends_at is not null""");
                ResultSet r = s.executeQuery()) {
            Set<String> files = new HashSet<>();
            while (r.next()) {
                left.remove(r.getString(1));
                files.add(r.getString(2));
            }
            left.values().removeIf(rule -> files.contains(rule.rule().file().toString()));
        }
        return left;
    }

    /**
     * @throws Search.FailedException when ElastAlert's indices could not be read; nothing was taken then
     * @throws Exception when the warehouse could not be written; nothing was taken then
     */
    void take(Collection<AlertRule> rules, Instant now) throws Exception {
        ImportedState state = ImportedState.read(
                scan, indices, List.copyOf(rules), now, now.minus(oldQueryLimit), now.minus(alertTimeLimit));
        try (Writer writer = warehouse.writer("elastalert")) {
            writer.commitWithState(tx -> {
                Set<String> own = claimed(tx, rules, state);
                WarehouseAlertStore store = new WarehouseAlertStore(tx);
                write(tx, state, own, store, now);
                store.write();
                return RunOutcome.ok(own.size(), 0, 0, 0, null);
            });
        }
        LOG.info(
                "rules={} running={} silences={} pending={} taken over from ElastAlert's index {}",
                rules.size(),
                state.runs().size(),
                state.silences().size(),
                state.pending().size(),
                indices.base());
    }

    /** The rules that nobody else took meanwhile. */
    private static Set<String> claimed(Transaction tx, Collection<AlertRule> rules, ImportedState state)
            throws SQLException {
        Map<String, Instant> ends = new HashMap<>();
        state.runs().forEach(run -> ends.put(run.rule().rule().name(), run.end()));
        Map<String, Integer> silences = new HashMap<>();
        state.silences().forEach(silence -> silences.merge(silence.rule().rule().name(), 1, Integer::sum));
        Map<String, Integer> pending = new HashMap<>();
        state.pending()
                .forEach(alert -> pending.merge(
                        alert.rule().rule().name(), alert.matches().size(), Integer::sum));
        Set<String> claimed = new HashSet<>();
        try (PreparedStatement s = tx.connection()
                .prepareStatement(
                        "insert into meta.elastalert (rule, ends_at, silences, pending) values (?, ?, ?, ?) on conflict do nothing")) {
            for (AlertRule rule : rules) {
                String name = rule.rule().name();
                s.setString(1, name);
                s.setObject(2, ends.containsKey(name) ? ends.get(name).atOffset(ZoneOffset.UTC) : null);
                s.setInt(3, silences.getOrDefault(name, 0));
                s.setInt(4, pending.getOrDefault(name, 0));
                if (s.executeUpdate() == 1) {
                    claimed.add(name);
                }
            }
        }
        return claimed;
    }

    private static void write(
            Transaction tx, ImportedState state, Set<String> own, WarehouseAlertStore store, Instant now)
            throws SQLException {
        for (ImportedState.LeftSilence silence : state.silences()) {
            String rule = silence.rule().rule().name();
            if (own.contains(rule)) {
                store.setSilence(new Silence(silence.key(), rule, silence.until(), silence.exponent(), 0, null, null));
            }
        }
        for (ImportedState.LeftAlert alert : state.pending()) {
            if (own.contains(alert.rule().rule().name())) {
                group(alert, store, now);
            }
        }
        try (PreparedStatement s = tx.connection().prepareStatement("""
                insert into meta.rules as r (rule, type, file, ends_at) values (?, ?, ?, ?)
                on conflict (rule) do update set ends_at = excluded.ends_at where r.ends_at is null""")) {
            for (ImportedState.LeftRun run : state.runs()) {
                Rule rule = run.rule().rule();
                if (own.contains(rule.name())) {
                    s.setString(1, rule.name());
                    s.setString(2, rule.type());
                    s.setString(3, rule.file().toString());
                    s.setObject(4, run.end().atOffset(ZoneOffset.UTC));
                    s.addBatch();
                }
            }
            s.executeBatch();
        }
    }

    /** The id of a group's first document: that of ElastAlert's own where the group was taken over from it. */
    static String documentId(AlertGroup group) {
        return group.id().startsWith(GROUP) ? group.id().substring(GROUP.length()) : group.id();
    }

    /**
     * It waits as a group of matches, whose time may have come already; found again, its matches are not told again.
     */
    private static void group(ImportedState.LeftAlert alert, WarehouseAlertStore store, Instant now) {
        AlertGroup group = new AlertGroup(
                GROUP + alert.id(), alert.rule().rule().name(), alert.aggregationKey(), alert.alertTime());
        Set<String> identities = new HashSet<>();
        for (Map<String, Object> match : alert.matches()) {
            Finding finding = Finding.of(alert.rule().rule(), match, 0);
            for (int nth = 1; !identities.add(finding.identity()); nth++) {
                finding = Finding.of(alert.rule().rule(), match, nth);
            }
            store.addToGroup(alert.rule(), group, finding);
            store.setNotified(finding.identity(), now);
        }
    }
}
