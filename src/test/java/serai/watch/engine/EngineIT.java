package serai.watch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Enhancement;
import serai.watch.run.RuleRun;

/**
 * Many rules on a real warehouse: each match is alerted once, whatever happens to the process, the warehouse or the
 * rules.
 */
class EngineIT {

    private static final String OFTEN = "run_every: {seconds: 1}\nbuffer_time: {minutes: 1}\nrealert: {minutes: 0}";
    private static final RuleRun.Bounds BOUNDS = new RuleRun.Bounds(10_000, 100, 100_000, Duration.ofDays(7));

    private final Logs logs = new Logs();
    private final List<Engine> engines = new ArrayList<>();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor();
    private TestDatabase database;
    private Warehouse warehouse;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        warehouse = database.warehouse();
    }

    @AfterEach
    void close() {
        ticks.shutdownNow();
        engines.forEach(Engine::close);
        database.close();
    }

    private Engine engine() {
        Engine engine = new Engine(
                warehouse,
                logs,
                new AlertDecider(List.of(), Enhancement.BUILT_IN),
                new Engine.Limits(BOUNDS, 1000, Duration.ofDays(7), 0.1),
                () -> false,
                RunRecorder.NONE,
                Clock.systemUTC());
        engines.add(engine);
        ticks.scheduleAtFixedRate(engine::startDueRuns, 0, 50, TimeUnit.MILLISECONDS);
        return engine;
    }

    private static Map<String, AlertRule> rules(int count, String lines) {
        Map<String, AlertRule> rules = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = "rule-" + i;
            rules.put(name, TestRules.alertRule(name, lines));
        }
        return rules;
    }

    private static org.awaitility.core.ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .pollDelay(Duration.ZERO);
    }

    private List<String> alerts() {
        String texts = database.value(
                "select string_agg(payload #>> '{attachments,0,text}', '|' order by message_id) from meta.outbox");
        return texts == null
                ? List.of()
                : List.of(texts.split("\\|")).stream().map(String::strip).toList();
    }

    private void awaitRuns(String rule, int more) {
        long runs = Long.parseLong(database.value("select runs from meta.rules where rule = '" + rule + "'"));
        soon().until(() -> Long.parseLong(database.value("select runs from meta.rules where rule = '" + rule + "'"))
                >= runs + more);
    }

    /** Runs that were lost with a commit must not count as under way: their number is limited. */
    private void assertNothingIsLeftUnderWay() {
        ticks.shutdownNow();
        soon().until(() -> engines.get(0).runsUnderWay() == 0);
    }

    @Test
    void eachRuleAlertsEachDocumentOnce() {
        engine().setRules(rules(50, OFTEN));
        logs.add("a");
        soon().until(() -> alerts().size() >= 50);
        logs.add("b");
        soon().until(() -> alerts().size() >= 100);
        awaitRuns("rule-7", 3);
        assertThat(alerts()).hasSize(100).doesNotHaveDuplicates();
        assertThat(database.value("select min(matches) || ' ' || max(matches) || ' ' || min(status) from meta.rules"))
                .isEqualTo("2 2 ok");
    }

    @Test
    void aRuleWhoseDocumentsAreRejectedIsNotOkAndSaysHowManyAndWhy() {
        for (int i = 0; i < 20; i++) {
            logs.add("fine-" + i);
        }
        logs.addOdd("odd-1");
        Engine engine = engine();
        engine.setRules(rules(1, OFTEN));
        soon().until(() -> "warning".equals(database.value("select status from meta.rules")));
        assertThat(database.value("select error from meta.rules"))
                .startsWith("1 of 21 documents since ")
                .contains("'@timestamp' is not a time of timestamp_type iso");

        logs.addOdd("odd-2");
        logs.addOdd("odd-3");
        soon().until(() -> "failed".equals(database.value("select status from meta.rules")));
        assertThat(database.value("select rejected || ' of ' || rejected_of || ' ' || (failing_since is not null)"
                        + " from meta.rules"))
                .isEqualTo("3 of 23 true");
        assertThat(database.value("select count(*) from meta.rejects")).isEqualTo("3");

        engine.close();
        engine().setRules(rules(1, OFTEN));
        awaitRuns("rule-0", 2);
        assertThat(database.value("select status || rejected from meta.rules")).isEqualTo("failed3");
        assertThat(alerts()).hasSize(20);
    }

    @Test
    void aRuleWhoseMessagesAreRefusedIsNotOkUntilTheyAreDelivered() {
        engine().setRules(rules(2, OFTEN));
        logs.add("a");
        soon().until(() -> alerts().size() == 2);
        awaitRuns("rule-0", 1);
        database.execute("update meta.outbox set refused_at = now(), error = 'Slack answered 404 no_service'"
                + " where rule = 'rule-0'");
        soon().until(() -> "warning".equals(status("rule-0")));
        awaitRuns("rule-0", 2);
        assertThat(database.value("select error from meta.rules where rule = 'rule-0'"))
                .isEqualTo("Messages wait, because a receiver refuses them: Slack answered 404 no_service.");
        assertThat(status("rule-0") + status("rule-1")).isEqualTo("warningok");

        database.execute("update meta.outbox set status = 'sent', refused_at = null");
        soon().until(() -> "ok".equals(status("rule-0")));
        assertThat(database.value("select error from meta.rules where rule = 'rule-0'"))
                .isNull();
    }

    private String status(String rule) {
        return database.value("select status from meta.rules where rule = '" + rule + "'");
    }

    @Test
    void slowAnswersMergeRunsAndLoseNone() {
        logs.delay = Duration.ofMillis(2600);
        engine().setRules(rules(20, OFTEN));
        logs.add("a");
        soon().until(() -> Long.parseLong(database.value("select coalesce(min(runs), 0) from meta.rules")) >= 3);
        assertThat(database.value("select bool_and(runs + merged_runs >= 2 * runs) from meta.rules"))
                .isEqualTo("t");
        assertThat(database.value("select bool_and(lag_ms >= 1000) from meta.rules"))
                .isEqualTo("t");
        assertThat(alerts()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void aRunWithoutMatchesDoesNotWriteTheState() {
        engine().setRules(rules(1, OFTEN));
        logs.add("a");
        soon().until(() -> alerts().size() == 1);
        awaitRuns("rule-0", 2);
        String state = database.value("select state from meta.rules");
        String end = database.value("select ends_at from meta.rules");
        awaitRuns("rule-0", 3);
        assertThat(database.value("select state from meta.rules"))
                .isEqualTo(state)
                .contains("fingerprint");
        assertThat(database.value("select ends_at from meta.rules")).isGreaterThan(end);
    }

    @Test
    void aSecondProcessWaitsAndContinuesWhereTheFirstStopped() {
        Engine first = engine();
        first.setRules(rules(10, OFTEN));
        logs.add("a");
        soon().until(() -> alerts().size() == 10);
        Engine second = engine();
        second.setRules(rules(10, OFTEN));
        logs.add("b");
        soon().until(() -> alerts().size() == 20);
        assertThat(second.isLeading()).isFalse();

        first.close();
        logs.add("c");
        soon().until(() -> alerts().size() == 30);
        assertThat(second.isLeading()).isTrue();
        awaitRuns("rule-3", 3);
        assertThat(alerts()).hasSize(30).doesNotHaveDuplicates();
    }

    @Test
    void aFencedOffProcessStartsAgainFromTheWarehouse() throws Exception {
        engine().setRules(rules(10, OFTEN));
        logs.add("a");
        soon().until(() -> alerts().size() == 10);
        for (int i = 0; i < 5; i++) {
            // as another process that takes the lease and gives it back
            database.execute(
                    "update meta.leases set epoch = epoch + 1, expires_at = '-infinity'" + " where source = 'rules'");
            logs.add("more-" + i);
            int expected = 20 + 10 * i;
            soon().until(() -> alerts().size() >= expected);
        }
        awaitRuns("rule-0", 3);
        assertThat(alerts()).hasSize(60).doesNotHaveDuplicates();
        assertNothingIsLeftUnderWay();
    }

    @Test
    void aWarehouseThatDropsItsConnectionsLosesNoRun() throws Exception {
        engine().setRules(rules(10, OFTEN));
        for (int i = 0; i < 4; i++) {
            logs.add("doc-" + i);
            database.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            int expected = 10 + 10 * i;
            soon().ignoreExceptions().until(() -> alerts().size() >= expected);
        }
        awaitRuns("rule-0", 3);
        assertThat(alerts()).hasSize(40).doesNotHaveDuplicates();
        assertNothingIsLeftUnderWay();
    }

    @Test
    void aRunThatCannotBeCommittedDoesNotHoldUpTheOthers() throws Exception {
        database.execute("""
                create function meta.refuse() returns trigger language plpgsql as $$ begin raise exception 'not this one'; end $$;
                create trigger refuse before update on meta.rules for each row
                when (new.rule = 'rule-3' and new.status = 'ok') execute function meta.refuse()""");
        engine().setRules(rules(12, OFTEN));
        logs.add("a");
        soon().until(() -> alerts().size() >= 11);
        soon().until(() -> "failed".equals(database.value("select status from meta.rules where rule = 'rule-3'")));
        assertThat(database.value("select error from meta.rules where rule = 'rule-3'"))
                .contains("not this one");
        awaitRuns("rule-4", 2);
        assertThat(alerts()).hasSize(11).noneMatch(t -> t.startsWith("rule-3 "));

        database.execute("drop trigger refuse on meta.rules");
        soon().until(() -> alerts().size() == 12);
        assertThat(
                        database.value(
                                "select status || coalesce(error, '') || coalesce(failing_since::text, '') from meta.rules where rule = 'rule-3'"))
                .isEqualTo("ok");
    }

    @Test
    void aRenamedRuleKeepsItsState() {
        Engine engine = engine();
        String silent = OFTEN.replace("realert: {minutes: 0}", "realert: {minutes: 10}");
        engine.setRules(TestRules.byName(
                TestRules.inFile("x.yaml", "old", silent), TestRules.inFile("y.yaml", "other", OFTEN)));
        logs.add("a");
        soon().until(() -> alerts().size() == 2);
        engine.setRules(TestRules.byName(
                TestRules.inFile("x.yaml", "new", silent), TestRules.inFile("y.yaml", "other", OFTEN)));
        soon().until(() -> "1".equals(database.value("select count(*) from meta.rules where rule = 'new' and active")));
        logs.add("b");
        soon().until(() -> alerts().size() == 3);
        awaitRuns("new", 3);
        assertThat(alerts()).containsExactlyInAnyOrder("old a", "other a", "other b");
        assertThat(database.value("select string_agg(rule, ' ' order by rule) from meta.rules"))
                .isEqualTo("new other");
        assertThat(database.value("select silence_key || ' ' || suppressed from meta.silences"))
                .isEqualTo("new 1");
        assertThat(database.value("select matches from meta.rules where rule = 'new'"))
                .isEqualTo("2");
    }

    @Test
    void aRuleThatWasRenamedWhileNothingRanKeepsItsState() {
        Engine first = engine();
        first.setRules(TestRules.byName(TestRules.inFile("x.yaml", "old", OFTEN)));
        logs.add("a");
        soon().until(() -> alerts().size() == 1);
        first.close();
        engine().setRules(TestRules.byName(TestRules.inFile("x.yaml", "new", OFTEN)));
        logs.add("b");
        soon().until(() -> alerts().size() == 2);
        awaitRuns("new", 3);
        assertThat(alerts()).containsExactly("old a", "new b");
    }

    @Test
    void anEditKeepsWindowsUnlessItChangesTheirMeaning() {
        Engine engine = engine();
        String window = "type: frequency\nnum_events: 3\ntimeframe: {minutes: 5}\n" + OFTEN;
        engine.setRules(TestRules.byName(TestRules.alertRule("w", window)));
        logs.add("a");
        logs.add("b");
        soon().until(() -> "2".equals(database.value("select hits from meta.rules")));
        engine.setRules(TestRules.byName(TestRules.alertRule("w", window.replace("num_events: 3", "num_events: 4"))));
        awaitRuns("w", 3);
        logs.add("c");
        soon().until(() -> "3".equals(database.value("select hits from meta.rules")));
        logs.add("d");
        soon().until(() -> alerts().size() == 1);
        engine.setRules(TestRules.byName(TestRules.alertRule("w", window.replace("{minutes: 5}", "{minutes: 9}"))));
        soon().until(() -> database.value("select state from meta.rules").contains("PT9M"));
        logs.add("e");
        logs.add("f");
        soon().until(() -> "6".equals(database.value("select hits from meta.rules")));
        awaitRuns("w", 2);
        assertThat(alerts()).hasSize(1);
    }

    @Test
    void aRemovedRuleStopsAndItsRunUnderWayAlertsNothing() {
        Engine engine = engine();
        engine.setRules(rules(2, OFTEN));
        soon().until(() -> "ok".equals(database.value("select min(status) from meta.rules having count(*) = 2")));
        logs.answers = new CompletableFuture<>();
        int before = logs.requests.get();
        soon().until(() -> logs.requests.get() >= before + 2);
        logs.add("a");
        engine.setRules(rules(1, OFTEN));
        soon().until(() -> "f".equals(database.value("select active from meta.rules where rule = 'rule-1'")));
        logs.answers.complete(null);
        soon().until(() -> alerts().size() == 1);
        awaitRuns("rule-0", 2);
        assertThat(alerts()).containsExactly("rule-0 a");

        engine.setRules(rules(2, OFTEN));
        soon().until(() -> alerts().size() == 2);
        assertThat(alerts()).containsExactly("rule-0 a", "rule-1 a");
    }

    @Test
    void aRunThatEndsWhenItsRuleIsRemovedAlertsNothing() {
        Engine engine = engine();
        engine.setRules(rules(2, OFTEN));
        soon().until(() -> "ok".equals(database.value("select min(status) from meta.rules having count(*) = 2")));
        logs.answers = new CompletableFuture<>();
        logs.add("a");
        int before = logs.requests.get();
        soon().until(() -> logs.requests.get() >= before + 2);
        engine.setRules(rules(1, OFTEN));
        logs.answers.complete(null);
        awaitRuns("rule-0", 3);
        assertThat(alerts()).containsExactly("rule-0 a");
        engine.setRules(rules(2, OFTEN));
        soon().until(() -> alerts().size() == 2);
        assertThat(alerts()).containsExactly("rule-0 a", "rule-1 a");
        assertNothingIsLeftUnderWay();
    }

    @Test
    void anOperatorSwitchesARuleOffAndOn() throws Exception {
        engine().setRules(rules(2, OFTEN));
        soon().until(() -> "ok".equals(database.value("select min(status) from meta.rules having count(*) = 2")));
        database.execute("update meta.rules set disabled = true where rule = 'rule-1'");
        soon().until(() -> "disabled".equals(database.value("select status from meta.rules where rule = 'rule-1'")));
        logs.add("a");
        soon().until(() -> alerts().size() == 1);
        awaitRuns("rule-0", 2);
        assertThat(alerts()).containsExactly("rule-0 a");
        database.execute("update meta.rules set disabled = false where rule = 'rule-1'");
        soon().until(() -> alerts().size() == 2);
    }

    @Test
    void aRuleWhoseRowIsDeletedStartsWithoutState() throws Exception {
        engine().setRules(rules(2, OFTEN));
        logs.add("a");
        soon().until(() -> alerts().size() == 2);
        database.execute("delete from meta.rules where rule = 'rule-1'");
        soon().until(() -> "ok".equals(database.value("select status from meta.rules where rule = 'rule-1'")));
        logs.add("b");
        soon().until(() -> alerts().size() == 4);
        assertThat(alerts()).doesNotHaveDuplicates();
    }

    @Test
    void aFailedRunIsCoveredByTheNext() {
        engine().setRules(rules(5, OFTEN));
        soon().until(() -> "ok".equals(database.value("select min(status) from meta.rules having count(*) = 5")));
        logs.outage = "no answer";
        logs.add("a");
        soon().until(() -> "failed".equals(database.value("select min(status) from meta.rules")));
        assertThat(database.value("select min(error) || (max(failing_since) is not null)::text from meta.rules"))
                .isEqualTo("no answertrue");
        logs.outage = null;
        soon().until(() -> alerts().size() == 5);
        assertThat(
                        database.value(
                                "select string_agg(distinct status || coalesce(error, ''), ',') from meta.rules where runs > 1"))
                .contains("ok");
    }
}
