package serai.watch.elastalert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.demo.ElasticsearchNode;
import serai.elasticsearch.ElasticsearchException;
import serai.elasticsearch.ElasticsearchException.Fault;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertRule;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleLoader;

/** The state of a stopped ElastAlert is imported from a real Elasticsearch into a real PostgreSQL. */
class StateImportIT {

    private static final AtomicInteger INDICES = new AtomicInteger();
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final String index = "elastalert_" + ProcessHandle.current().pid() + "_" + INDICES.incrementAndGet();
    private ElasticsearchNode node;
    private TestDatabase database;
    private Warehouse warehouse;
    private SearchRoute route;
    private StateServer server;
    private StateImport stateImport;

    @BeforeEach
    void createIndices() throws Exception {
        node = TestElasticsearch.node();
        database = new TestDatabase();
        warehouse = database.warehouse();
        route = new SearchRoute(node.hostAddress());
        server = route.server();
        for (String kind : List.of("alert", "status", "silence")) {
            try (InputStream mapping = ElastAlertState.class.getResourceAsStream(kind + ".json")) {
                node.createIndex(
                        index + (kind.equals("alert") ? "" : "_" + kind),
                        "{\"mappings\": " + new String(mapping.readAllBytes(), StandardCharsets.UTF_8) + "}");
            }
        }
        stateImport = stateImport(server);
    }

    @AfterEach
    void dropIndices() throws Exception {
        route.close();
        database.close();
        for (String ending : List.of("", "_status", "_silence")) {
            node.deleteIndex(index + ending);
        }
    }

    private StateImport stateImport(StateServer from) {
        return new StateImport(warehouse, new StateReader(from), index, WEEK, TWO_DAYS);
    }

    private static AlertRule rule(String name, String options) throws RuleException {
        RuleLoader loader = new RuleLoader(
                new Options(Map.of(), Map.of()),
                ZoneOffset.UTC,
                List.of(Path.of("routes/alerts")),
                Set.of(),
                variable -> null);
        String text = (name == null ? "" : "name: " + name + "\n") + "type: any\nindex: i\nalert: debug\n" + options;
        Path file = Path.of("routes/alerts", name == null ? "team/unnamed.yaml" : name + ".yaml");
        return AlertRule.of(loader.load(file, path -> Optional.of(text)).rule());
    }

    private void put(String ending, String id, Map<String, Object> document) throws Exception {
        node.send(
                "PUT",
                "/" + index + ending + "/_doc/" + id + "?refresh=true",
                new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(document));
    }

    private Map<String, Object> status(String rule, Instant end, Instant at) {
        return Map.of(
                "rule_name",
                rule,
                "endtime",
                end.toString(),
                "starttime",
                end.minusSeconds(60).toString(),
                "hits",
                1,
                "matches",
                0,
                "@timestamp",
                at.toString());
    }

    private Map<String, Object> silence(String key, Instant until, int exponent) {
        return Map.of(
                "rule_name",
                key,
                "until",
                until.toString(),
                "exponent",
                exponent,
                "@timestamp",
                now.minusSeconds(60).toString());
    }

    private Map<String, Object> alert(
            String rule, Instant alertTime, int match, Instant at, Map<String, Object> others) {
        Map<String, Object> alert = new LinkedHashMap<>(Map.of(
                "rule_name",
                rule,
                "alert_sent",
                false,
                "alert_time",
                alertTime.toString(),
                "@timestamp",
                at.toString(),
                "match_time",
                at.toString(),
                "match_body",
                Map.of("@timestamp", at.toString(), "n", match, "_id", "d" + match, "_index", "i")));
        alert.putAll(others);
        return alert;
    }

    @Test
    void aRuleStartsAtTheNewestEndOfItsRuns() throws Exception {
        put("_status", "1", status("a", now.minusSeconds(600), now.minusSeconds(600)));
        put("_status", "2", status("a", now.minusSeconds(60), now.minusSeconds(59)));
        put("_status", "3", status("old", now.minus(WEEK).minusSeconds(1), now.minus(WEEK)));
        put("_status", "4", status("ahead", now.plusSeconds(30), now));
        put("_status", "5", status("/opt/rules/team/unnamed", now.minusSeconds(90), now));
        put("_status", "6", status("somebody else's", now, now));

        stateImport.run(
                List.of(rule("a", ""), rule("old", ""), rule("ahead", ""), rule("never", ""), rule(null, "")), now);

        assertThat(database.rows(
                        "select rule || ' ' || extract(epoch from ends_at)::bigint from meta.rules order by rule"))
                .containsExactly(
                        "a " + now.minusSeconds(60).getEpochSecond(),
                        "ahead " + now.getEpochSecond(),
                        "team/unnamed " + now.minusSeconds(90).getEpochSecond());
        assertThat(database.rows("select rule from meta.elastalert order by rule"))
                .containsExactly("a", "ahead", "never", "old", "team/unnamed");
    }

    @Test
    void silencesAreImportedWhileTheyAreActiveOrDouble() throws Exception {
        put("_silence", "1", silence("a", now.plusSeconds(60), 0));
        put("_silence", "2", silence("a.host1", now.plusSeconds(60), 0));
        put("_silence", "3", silence("a.host1", now.plusSeconds(600), 2));
        put("_silence", "4", silence("a._silence", now.plusSeconds(3_600), 0));
        put("_silence", "5", silence("a.over", now.minusSeconds(1), 0));
        put("_silence", "6", silence("shared.x", now.plusSeconds(60), 0));
        put("_silence", "7", silence("growing.h", now.minusSeconds(60), 3));
        put("_silence", "8", silence("ab", now.plusSeconds(60), 0));
        put("_silence", "9", silence("/opt/rules/team/unnamed.k", now.plusSeconds(60), 0));
        put("_status", "1", status("/opt/rules/team/unnamed", now, now));

        stateImport.run(
                List.of(
                        rule("a", ""),
                        rule("b", "realert_key: shared\n"),
                        rule("growing", "exponential_realert: {hours: 1}\n"),
                        rule(null, "")),
                now);

        assertThat(database.rows(
                        "select silence_key || ' ' || rule || ' ' || exponent || ' ' || extract(epoch from until)::bigint"
                                + " from meta.silences order by silence_key collate \"C\""))
                .containsExactly(
                        "a a 0 " + now.plusSeconds(60).getEpochSecond(),
                        "a._silence a 0 " + now.plusSeconds(3_600).getEpochSecond(),
                        "a.host1 a 2 " + now.plusSeconds(600).getEpochSecond(),
                        "growing.h growing 3 " + now.minusSeconds(60).getEpochSecond(),
                        "shared.x b 0 " + now.plusSeconds(60).getEpochSecond(),
                        "team/unnamed.k team/unnamed 0 " + now.plusSeconds(60).getEpochSecond());
    }

    @Test
    void alertsAreImportedThatWaitOrFailed() throws Exception {
        Instant soon = now.plusSeconds(300);
        put("", "w1", alert("a", soon, 1, now.minusSeconds(30), Map.of("aggregation_key", "k")));
        put("", "w2", alert("a", soon, 2, now.minusSeconds(20), Map.of("aggregation_key", "k", "aggregate_id", "w1")));
        put("", "w3", alert("a", soon, 3, now.minusSeconds(10), Map.of("aggregation_key", "k", "aggregate_id", "w1")));
        put(
                "",
                "f1",
                alert("a", now.minusSeconds(60), 4, now.minusSeconds(60), Map.of("alert_exception", "no network")));
        put("", "s1", alert("a", now.minusSeconds(60), 5, now.minusSeconds(60), Map.of("alert_sent", true)));
        put("", "g1", alert("a", now.minus(TWO_DAYS).minusSeconds(1), 6, now.minus(TWO_DAYS), Map.of()));
        put("", "o1", alert("a", soon, 7, now, Map.of("aggregate_id", "sent before")));
        put("", "x1", alert("unknown", soon, 8, now, Map.of()));

        stateImport.run(List.of(rule("a", "aggregation: {minutes: 10}\naggregation_key: u\n")), now);

        assertThat(
                        database.rows(
                                "select group_id || ' ' || coalesce(aggregation_key, '-') || ' ' || (match ->> 'n') || ' '"
                                        + " || extract(epoch from alert_at)::bigint from meta.pending_alerts order by pending_id"))
                .containsExactlyInAnyOrder(
                        "elastalert:w1 k 1 " + soon.getEpochSecond(),
                        "elastalert:w1 k 2 " + soon.getEpochSecond(),
                        "elastalert:w1 k 3 " + soon.getEpochSecond(),
                        "elastalert:f1 - 4 " + now.minusSeconds(60).getEpochSecond(),
                        "elastalert:sent before - 7 " + soon.getEpochSecond());
        assertThat(
                        database.rows(
                                "select match ->> 'n' from meta.pending_alerts where group_id = 'elastalert:w1' order by pending_id"))
                .containsExactly("1", "2", "3");
        assertThat(database.rows("select count(*) from meta.notified")).containsExactly("5");
        assertThat(database.rows("select pending from meta.elastalert")).containsExactly("5");
    }

    @Test
    void aRuleIsImportedOnce() throws Exception {
        put("", "w1", alert("a", now.plusSeconds(300), 1, now, Map.of()));
        put("_status", "1", status("a", now.minusSeconds(60), now));
        stateImport.run(List.of(rule("a", "")), now);
        put("_status", "2", status("a", now.minusSeconds(1), now.plusSeconds(1)));
        stateImport.run(List.of(rule("a", "")), now);

        assertThat(database.rows("select count(*) from meta.pending_alerts")).containsExactly("1");
        assertThat(database.rows("select extract(epoch from ends_at)::bigint from meta.rules"))
                .containsExactly(String.valueOf(now.minusSeconds(60).getEpochSecond()));
    }

    @Test
    void rulesThatRanHereOrWereRenamedAreNotImported() throws Exception {
        database.execute("""
                insert into meta.rules (rule, type, file, ends_at) values
                  ('ran', 'any', 'routes/alerts/ran.yaml', now()), ('former', 'any', 'routes/alerts/renamed.yaml', now()),
                  ('fresh', 'any', 'routes/alerts/fresh.yaml', null)""");
        assertThat(stateImport.pending(Map.of(
                        "ran",
                        rule("ran", ""),
                        "renamed",
                        rule("renamed", ""),
                        "new",
                        rule("new", ""),
                        "fresh",
                        rule("fresh", ""))))
                .containsOnlyKeys("new", "fresh");
        stateImport.run(List.of(rule("new", "")), now);
        assertThat(stateImport.pending(Map.of("new", rule("new", "")))).isEmpty();
    }

    @Test
    void nothingIsImportedWhenAnIndexCannotBeRead() throws Exception {
        put("_status", "1", status("a", now.minusSeconds(60), now));
        StateImport broken = stateImport((method, path, query, body) -> {
            if (body.contains(index + "_silence")) {
                throw new ElasticsearchException(Fault.UNREACHABLE, "down", null);
            }
            return server.send(method, path, query, body);
        });
        assertThatThrownBy(() -> broken.run(List.of(rule("a", "")), now)).isInstanceOf(ElasticsearchException.class);
        assertThat(database.rows("select rule from meta.elastalert")).isEmpty();
        assertThat(database.rows("select rule from meta.rules")).isEmpty();
    }

    @Test
    void anImportWithoutIndicesFindsNothing() throws Exception {
        StateImport nowhere = new StateImport(warehouse, new StateReader(server), "no_such_index", WEEK, TWO_DAYS);
        nowhere.run(List.of(rule("a", "")), now);
        assertThat(database.rows("select rule from meta.elastalert where ends_at is null"))
                .containsExactly("a");
    }

    @Test
    void newRulesWaitUntilTheirStateIsImported() throws Exception {
        AtomicBoolean down = new AtomicBoolean(true);
        StateImport shaky = stateImport((method, path, query, body) -> {
            if (down.get()) {
                throw new ElasticsearchException(Fault.UNREACHABLE, "down", null);
            }
            return server.send(method, path, query, body);
        });
        database.execute("""
                insert into meta.rules (rule, type, file, ends_at) values ('ran', 'any', 'routes/alerts/ran.yaml', now())""");
        List<Set<String>> passed = new CopyOnWriteArrayList<>();
        try (MigrationBarrier barrier = new MigrationBarrier(
                shaky, rules -> passed.add(Set.copyOf(rules.keySet())), Duration.ofMillis(50), Clock.systemUTC())) {
            barrier.setRules(Map.of("ran", rule("ran", ""), "new", rule("new", "")));
            await().untilAsserted(() ->
                    assertThat(passed).hasSizeGreaterThan(2).allMatch(rules -> rules.equals(Set.of("ran"))));
            down.set(false);
            await().untilAsserted(() -> assertThat(passed).last().isEqualTo(Set.of("ran", "new")));
        }
    }
}
