package serai.watch.elastalert;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchException;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertGroup;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Finding;
import serai.watch.alert.Silence;
import serai.watch.store.WarehouseAlertStore;

/**
 * Imports, for rules that never ran here, what a stopped ElastAlert left of them: the end of their last run, silences,
 * and alerts that were not delivered. A rule's state is committed together with its row in {@code meta.elastalert}, so
 * it is imported once.
 */
final class StateImport {

    private static final Logger LOG = LoggerFactory.getLogger(StateImport.class);

    /** The prefix of an imported group's id; the rest is the id of its first document. */
    private static final String GROUP_PREFIX = "elastalert:";

    private final Warehouse warehouse;
    private final StateReader reader;
    private final String writebackIndex;
    private final Duration oldQueryLimit;
    private final Duration alertTimeLimit;

    /**
     * @param oldQueryLimit a last run that is longer ago is ignored
     * @param alertTimeLimit alerts that were due longer ago are dropped
     */
    StateImport(
            Warehouse warehouse,
            StateReader reader,
            String writebackIndex,
            Duration oldQueryLimit,
            Duration alertTimeLimit) {
        this.warehouse = warehouse;
        this.reader = reader;
        this.writebackIndex = writebackIndex;
        this.oldQueryLimit = oldQueryLimit;
        this.alertTimeLimit = alertTimeLimit;
    }

    /**
     * Those of the rules that neither ran here nor were imported. A rule in a file of which a rule ran here counts as
     * that rule under a new name.
     *
     * @param rules rules by their names
     */
    Map<String, AlertRule> pending(Map<String, AlertRule> rules) throws SQLException {
        Map<String, AlertRule> pending = new LinkedHashMap<>(rules);
        Set<String> files = new HashSet<>();
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c).each("""
                            select rule, null as file from meta.elastalert
                            union all select rule, file from meta.rules where ends_at is not null""", row -> {
                pending.remove(row.text("rule"));
                files.add(row.text("file"));
            });
        }
        pending.values().removeIf(rule -> files.contains(rule.rule().file().toString()));
        return pending;
    }

    /**
     * Imports the state of rules.
     *
     * @throws ElasticsearchException when ElastAlert's indices could not be read; nothing was imported then
     * @throws Exception when the warehouse could not be written; nothing was imported then
     */
    void run(Collection<AlertRule> rules, Instant now) throws Exception {
        ImportedState state = ImportedState.read(
                reader, writebackIndex, List.copyOf(rules), now, now.minus(oldQueryLimit), now.minus(alertTimeLimit));
        try (Writer writer = warehouse.writer("elastalert")) {
            writer.commitWithState(tx -> {
                Set<String> claimed = claim(tx.sql(), rules, state);
                WarehouseAlertStore store = new WarehouseAlertStore(tx);
                write(tx.sql(), state, claimed, store, now);
                store.write();
                return RunOutcome.ok();
            });
        }
        LOG.info(
                "rules={} runs={} silences={} pending={} were imported from ElastAlert's index {}",
                rules.size(),
                state.runs().size(),
                state.silences().size(),
                state.pending().size(),
                writebackIndex);
    }

    /** Inserts the rows of {@code meta.elastalert}. Returns the rules that no other process has imported meanwhile. */
    private static Set<String> claim(Sql sql, Collection<AlertRule> rules, ImportedState state) throws SQLException {
        Map<String, Instant> ends = new HashMap<>();
        state.runs().forEach(run -> ends.put(run.rule().rule().name(), run.end()));
        Map<String, Integer> silences = new HashMap<>();
        state.silences().forEach(silence -> silences.merge(silence.rule().rule().name(), 1, Integer::sum));
        Map<String, Integer> pending = new HashMap<>();
        state.pending()
                .forEach(alert -> pending.merge(
                        alert.rule().rule().name(), alert.matches().size(), Integer::sum));
        List<String> names = rules.stream().map(rule -> rule.rule().name()).toList();
        return Set.copyOf(sql.list(
                """
                insert into meta.elastalert (rule, ends_at, silences, pending)
                select * from unnest(?::text[], ?::timestamptz[], ?::int[], ?::int[])
                on conflict do nothing returning rule""",
                row -> row.text("rule"),
                Sql.columns(
                        names,
                        name -> name,
                        ends::get,
                        name -> silences.getOrDefault(name, 0),
                        name -> pending.getOrDefault(name, 0))));
    }

    private static void write(Sql sql, ImportedState state, Set<String> claimed, WarehouseAlertStore store, Instant now)
            throws SQLException {
        for (ImportedState.ImportedSilence silence : state.silences()) {
            String rule = silence.rule().rule().name();
            if (claimed.contains(rule)) {
                store.setSilence(new Silence(silence.key(), rule, silence.until(), silence.exponent(), 0, null, null));
            }
        }
        for (ImportedState.PendingAlert alert : state.pending()) {
            if (claimed.contains(alert.rule().rule().name())) {
                addGroup(alert, store, now);
            }
        }
        List<ImportedState.LastRun> runs = state.runs().stream()
                .filter(run -> claimed.contains(run.rule().rule().name()))
                .toList();
        sql.update(
                """
                insert into meta.rules as r (rule, type, file, ends_at)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[])
                on conflict (rule) do update set ends_at = excluded.ends_at where r.ends_at is null""",
                Sql.columns(
                        runs,
                        run -> run.rule().rule().name(),
                        run -> run.rule().rule().type(),
                        run -> run.rule().rule().file().toString(),
                        ImportedState.LastRun::end));
    }

    /** The alert waits as a group, which may be due already. Its matches lead to no other alert when found again. */
    private static void addGroup(ImportedState.PendingAlert alert, WarehouseAlertStore store, Instant now) {
        AlertGroup group = new AlertGroup(
                GROUP_PREFIX + alert.id(), alert.rule().rule().name(), alert.aggregationKey(), alert.alertTime());
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

    /** The id of a group's first document: ElastAlert's own where the group was imported. */
    static String documentId(AlertGroup group) {
        return group.id().startsWith(GROUP_PREFIX) ? group.id().substring(GROUP_PREFIX.length()) : group.id();
    }
}
