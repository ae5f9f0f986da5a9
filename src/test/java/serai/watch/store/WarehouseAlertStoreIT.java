package serai.watch.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertDecision;
import serai.watch.alert.AlertListener;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.query.MemoryIndex;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

class WarehouseAlertStoreIT {

    private static final TestDatabase DATABASE = new TestDatabase();
    private static final Warehouse WAREHOUSE = DATABASE.warehouse();
    private static final Instant T0 = Instant.parse("2024-03-01T12:00:00Z");
    private static final String WEBHOOK = "https://hooks.slack.com/services/T0/B0/secret";

    private final AlertDecider decider = new AlertDecider(List.of(), Map.of());

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        DATABASE.execute(
                "truncate meta.silences, meta.pending_alerts, meta.notified, meta.firing, meta.outbox, meta.rules");
    }

    private static AlertRule rule(String name, String... lines) throws RuleException {
        String text = "name: " + name + "\ntype: any\nindex: logs\nalert: slack\nslack_webhook_url: " + WEBHOOK + "\n"
                + String.join("\n", lines);
        return AlertRule.of(
                Rule.of(RuleFile.read(text, n -> null), Path.of("routes/alerts/r.yaml"), Map.of(), ZoneOffset.UTC));
    }

    private static Map<String, Object> match(String id, Object... fields) {
        Map<String, Object> match = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            match.put((String) fields[i], fields[i + 1]);
        }
        match.putAll(Map.of("@timestamp", T0.toString(), "_id", id, "_index", "logs"));
        return match;
    }

    private List<Finding> prepared(AlertRule rule, List<Map<String, Object>> matches, Instant now) {
        return decider.prepare(rule, matches, matches.size(), now, new InMemoryAlertStore(), new MemoryIndex())
                .join();
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private final List<AlertDecision.Outcome> run(AlertRule rule, int second, Map<String, Object>... matches)
            throws Exception {
        Instant now = T0.plusSeconds(second);
        List<AlertDecision.Outcome> outcomes = new ArrayList<>();
        commit(store -> decider.decide(rule, prepared(rule, List.of(matches), now), now, store)
                .forEach(decision -> outcomes.add(decision.outcome())));
        return outcomes;
    }

    private static void commit(Consumer<WarehouseAlertStore> work) throws SQLException {
        try (Connection c = WAREHOUSE.dataSource().getConnection()) {
            c.setAutoCommit(false);
            WarehouseAlertStore store = new WarehouseAlertStore(c, AlertListener.NONE);
            work.accept(store);
            store.write();
            c.commit();
            c.setAutoCommit(true);
        }
    }

    @Test
    void oneOfManyRulesThatShareAKeyAlertsAndTheOthersAreCounted() throws Exception {
        List<AlertDecider.RunFindings> runs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            AlertRule rule = rule("r" + i, "realert_key: shared");
            runs.add(new AlertDecider.RunFindings(rule, prepared(rule, List.of(match("d")), T0)));
        }
        commit(store -> decider.decide(runs, T0, store));
        assertThat(DATABASE.rows("select rule from meta.outbox")).containsExactly("r0");
        assertThat(DATABASE.rows("select suppressed from meta.silences where silence_key = 'shared'"))
                .containsExactly("19");
    }

    @Test
    void theCountOfSilencedMatchesIsKeptForTheNextAlert() throws Exception {
        AlertRule rule = rule("r");
        run(rule, 0, match("1"), match("2"));
        run(rule, 30, match("3"));
        List<Long> suppressed = new ArrayList<>();
        commit(store -> suppressed.add(store.takeSuppressed("r")));
        assertThat(suppressed).containsExactly(2L);
        assertThat(DATABASE.rows("select suppressed from meta.silences")).containsExactly("0");
    }

    @Test
    void theSilenceOfAnAlertThatWasNotDeliveredIsLifted() throws Exception {
        AlertRule rule = rule("r", "realert: {weeks: 500}", "resolve_after: {minutes: 5}");
        run(rule, 0, match("1"));
        run(rule, 10, match("2"));
        String alert = DATABASE.rows("select alert_id from meta.silences").get(0);
        try (Connection c = WAREHOUSE.dataSource().getConnection()) {
            WarehouseAlertStore.liftSilence(c, "another");
            assertThat(DATABASE.rows("select count(*) from meta.silences where until > now()"))
                    .containsExactly("1");
        }
        try (Connection c = WAREHOUSE.dataSource().getConnection()) {
            WarehouseAlertStore.liftSilence(c, alert);
        }
        assertThat(DATABASE.rows("select count(*) from meta.silences where until > now()"))
                .containsExactly("0");
        assertThat(DATABASE.rows("select suppressed from meta.silences")).containsExactly("1");
        assertThat(DATABASE.rows("select rule from meta.firing")).isEmpty();
    }

    @Test
    void anAlertGoesOnFiringWhenOnlyItsLastMessageWasNotDelivered() throws Exception {
        AlertRule rule = rule("r", "realert: {minutes: 1}", "resolve_after: {minutes: 5}");
        run(rule, 0, match("1"));
        run(rule, 90, match("2"));
        String last = DATABASE.rows("select alert_id from meta.silences").get(0);
        try (Connection c = WAREHOUSE.dataSource().getConnection()) {
            WarehouseAlertStore.liftSilence(c, last);
        }
        assertThat(DATABASE.rows("select extract(epoch from since)::bigint from meta.firing"))
                .containsExactly(String.valueOf(T0.getEpochSecond()));
    }

    @Test
    void groupsOfRemovedRulesDoNotHoldUpOtherGroups() throws Exception {
        DATABASE.execute(
                "insert into meta.pending_alerts (group_id, rule, silence_key, alert_at, match_time, match, identity)"
                        + " select 'g' || n, 'gone' || n % 3, 'k', ?, ?, '{}', 'i' || n from generate_series(1, 500) n",
                T0, T0);
        AlertRule rule = rule("r", "aggregation: {seconds: 30}");
        run(rule, 10, match("1"));
        commit(store -> decider.release(name -> name.equals("r") ? rule : null, T0.plusSeconds(60), store));
        assertThat(DATABASE.rows("select rule from meta.outbox")).containsExactly("r");
        assertThat(DATABASE.rows("select count(*) from meta.pending_alerts")).containsExactly("500");

        commit(store -> decider.release(name -> name.equals("r") ? rule : null, T0.plusSeconds(31 * 86_400), store));
        assertThat(DATABASE.rows("select count(*) from meta.pending_alerts").get(0))
                .matches("[0-4]?\\d?\\d");
    }

    @Test
    void firingAlertsOfRemovedRulesAreDeletedInTime() throws Exception {
        run(rule("gone", "resolve_after: {minutes: 5}"), 0, match("1"));
        run(rule("here", "resolve_after: {minutes: 5}"), 0, match("1"));
        DATABASE.execute("insert into meta.rules (rule, type, file) values ('here', 'any', 'f')");
        commit(store -> store.deleteBefore(T0.plusSeconds(1)));
        assertThat(DATABASE.rows("select rule from meta.firing")).containsExactly("here");
    }

    @Test
    void oneDeletionRemovesTensOfThousandsOfRows() throws Exception {
        DATABASE.execute(
                "insert into meta.notified (identity, notified_at) select 'i' || n, ? from generate_series(1, 50000) n",
                T0);
        DATABASE.execute(
                "insert into meta.silences (silence_key, rule, until) select 'i' || n, 'r', ? from generate_series(1, 50000) n",
                T0);
        commit(store -> store.deleteBefore(T0.plusSeconds(1)));
        assertThat(DATABASE.rows("select count(*) from meta.notified union all select count(*) from meta.silences"))
                .containsExactly("0", "0");
    }

    @Test
    void matchesWithUnpairedSurrogatesAreWritten() throws Exception {
        assertThat(run(rule("r", "query_key: user"), 0, match("1", "user", "\ud800x", "k\udc00", List.of("\udfff"))))
                .containsExactly(AlertDecision.Outcome.ALERTED);
        assertThat(run(
                        rule(
                                "g",
                                "query_key: user",
                                "aggregation: {minutes: 1}",
                                "aggregation_key: user",
                                "resolve_after: {minutes: 5}"),
                        0,
                        match("1", "user", "\ud800x", "k\udc00", "v")))
                .containsExactly(AlertDecision.Outcome.GROUPED);
        assertThat(DATABASE.rows("select count(*) from meta.outbox")).containsExactly("1");
        assertThat(DATABASE.rows("select count(*) from meta.pending_alerts")).containsExactly("1");
    }

    @Test
    void aLongerSilenceThatAnOperatorSetMeanwhileStays() throws Exception {
        AlertRule rule = rule("r");
        commit(store -> {
            decider.decide(rule, prepared(rule, List.of(match("1")), T0), T0, store);
            DATABASE.execute(
                    "insert into meta.silences (silence_key, rule, until) values ('r', 'r', ?)", T0.plusSeconds(7200));
        });
        assertThat(run(rule, 7199, match("2"))).containsExactly(AlertDecision.Outcome.SILENCED);
        assertThat(run(rule, 7200, match("3"))).containsExactly(AlertDecision.Outcome.ALERTED);
    }

    @Test
    void aMatchIsAlertedOnceAcrossProcesses() throws Exception {
        AlertRule rule = rule("r", "realert: {minutes: 0}");
        run(rule, 0, match("1"));
        assertThat(run(rule, 60, match("1"), match("2")))
                .containsExactly(AlertDecision.Outcome.REPEATED, AlertDecision.Outcome.ALERTED);
        assertThat(DATABASE.rows("select count(*) from meta.outbox")).containsExactly("2");
    }

    @Test
    void groupedMatchesAreKeptUnchangedUntilTheirTime() throws Exception {
        AlertRule rule =
                rule("r", "aggregation: {minutes: 2}", "aggregation_key: zone", "summary_table_fields: [zebra, ape]");
        Map<String, Object> unusual =
                match("1", "zebra", "a\0b", "ape", 10.0, "long", List.of(1, Map.of("z", 1)), "zone", "x");
        run(rule, 0, unusual);
        run(rule, 60, match("2", "zone", "x"), match("3", "zone", "y"));
        List<List<AlertStore.PendingMatch>> taken = new ArrayList<>();
        commit(store -> store.dueGroups(T0.plusSeconds(121), List.of())
                .forEach(group -> taken.add(store.takeMatches(group, 100))));
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0))
                .extracting(waiting -> waiting.match().get("_id"))
                .containsExactly("1", "2");
        Map<String, Object> kept = taken.get(0).get(0).match();
        assertThat(new ArrayList<>(kept.keySet())).startsWith("zebra", "ape", "long", "zone");
        assertThat(kept).containsEntry("zebra", "a\uFFFDb").containsEntry("ape", 10.0);
        assertThat(DATABASE.rows("select match ->> '_id' from meta.pending_alerts"))
                .containsExactly("3");
    }

    @Test
    void aGroupIsSentInTheCommitThatDeletesIt() throws Exception {
        AlertRule rule = rule("r", "aggregation: {minutes: 2}");
        run(rule, 0, match("1"), match("2"));
        commit(store -> decider.release(name -> rule, T0.plusSeconds(121), store));
        assertThat(DATABASE.rows("select payload ->> 'attachments' from meta.outbox"))
                .singleElement()
                .asString()
                .contains("_id: 1")
                .contains("_id: 2");
        assertThat(DATABASE.rows("select group_id from meta.pending_alerts")).isEmpty();
    }

    @Test
    void aResolutionIsSentWhenTheRuleHasCoveredTheTime() throws Exception {
        AlertRule rule = rule("r", "resolve_after: {minutes: 5}", "realert: {hours: 1}");
        DATABASE.execute("insert into meta.rules (rule, type, file, ends_at) values ('r', 'any', 'r.yaml', ?)", T0);
        run(rule, 0, match("1"));
        run(rule, 60, match("2"));
        DATABASE.execute("update meta.rules set ends_at = ?", T0.plusSeconds(359));
        commit(store -> decider.release(name -> rule, T0.plusSeconds(9999), store));
        assertThat(DATABASE.rows("select count(*) from meta.outbox")).containsExactly("1");
        DATABASE.execute("update meta.rules set ends_at = ?", T0.plusSeconds(360));
        commit(store -> decider.release(name -> rule, T0.plusSeconds(9999), store));
        commit(store -> decider.release(name -> rule, T0.plusSeconds(9999), store));
        assertThat(DATABASE.rows("select count(*) from meta.outbox")).containsExactly("2");
    }

    @Test
    void activeSilencesAreReadWithoutLocks() throws Exception {
        AlertRule rule = rule("r", "query_key: user");
        run(rule, 0, match("1", "user", "a"), match("2", "user", "b"));
        try (Connection c = WAREHOUSE.dataSource().getConnection()) {
            AlertStore hint = WarehouseAlertStore.activeSilences(c, Set.of("r.a", "r.c"), T0.plusSeconds(59));
            assertThat(hint.silence("r.a")).isPresent();
            assertThat(hint.silence("r.b")).isEmpty();
            assertThat(WarehouseAlertStore.activeSilences(c, Set.of("r.a"), T0.plusSeconds(60))
                            .silence("r.a"))
                    .isEmpty();
        }
    }

    @Test
    void noTableHoldsAnAddress() throws Exception {
        run(
                rule("r", "aggregation: {minutes: 2}", "aggregation_key: user", "resolve_after: {minutes: 5}"),
                0,
                match("1"));
        run(rule("s"), 0, match("1"));
        assertThat(
                        DATABASE.rows(
                                "select row_to_json(o)::text from meta.outbox o union all select row_to_json(p)::text from meta.pending_alerts p"
                                        + " union all select row_to_json(s)::text from meta.silences s union all select row_to_json(f)::text from meta.firing f"))
                .hasSizeGreaterThan(3)
                .noneMatch(row -> row.contains("hooks.slack.com"));
    }

    @Test
    void aSilenceOfAValueTooLongForAnIndexIsKept() throws Exception {
        AlertRule rule = rule("r".repeat(200), "query_key: text", "resolve_after: {minutes: 5}");
        String random = new java.util.Random(1)
                .ints(50_000, 0x4e00, 0x9fa5)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertThat(run(rule, 0, match("1", "text", random + "\0"))).containsExactly(AlertDecision.Outcome.ALERTED);
        assertThat(run(rule, 10, match("2", "text", random + "\0"))).containsExactly(AlertDecision.Outcome.SILENCED);
    }

    @Test
    void expiredRowsAreDeleted() throws Exception {
        run(rule("r"), 0, match("1"));
        commit(store -> decider.deleteExpired(T0.plusSeconds(86_400), store));
        assertThat(DATABASE.rows("select silence_key from meta.silences")).hasSize(1);
        commit(store -> decider.deleteExpired(T0.plusSeconds(86_400 * 31), store));
        assertThat(DATABASE.rows("select silence_key from meta.silences union all select identity from meta.notified"))
                .isEmpty();
    }
}
