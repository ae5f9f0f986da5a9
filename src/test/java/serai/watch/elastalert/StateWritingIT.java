package serai.watch.elastalert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.demo.ElasticsearchNode;
import serai.elasticsearch.ElasticsearchException;
import serai.elasticsearch.ElasticsearchException.Fault;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;
import serai.watch.engine.RunRecorder;
import serai.watch.rule.Options;
import serai.watch.rule.RuleLoader;
import serai.watch.store.WarehouseAlertStore;

/** What runs did is written to a real Elasticsearch as ElastAlert writes it. */
class StateWritingIT {

    private static final AtomicInteger INDICES = new AtomicInteger();
    private static final AlertDecider DECIDER = new AlertDecider(List.of(), Map.of());

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final String index = "written_" + ProcessHandle.current().pid() + "_" + INDICES.incrementAndGet();
    private final StateRecorder recorder = new StateRecorder(true);
    private ElasticsearchNode node;
    private TestDatabase database;
    private Warehouse warehouse;
    private SearchRoute route;
    private StateServer server;
    private StateDelivery delivery;

    @BeforeEach
    void open() throws Exception {
        node = TestElasticsearch.node();
        database = new TestDatabase();
        warehouse = database.warehouse();
        route = new SearchRoute(node.hostAddress());
        server = route.server();
        delivery = new StateDelivery(warehouse, server, index, recorder);
    }

    @AfterEach
    void close() throws Exception {
        route.close();
        database.close();
        for (String suffix : List.of("", "_status", "_silence", "_error", "_past")) {
            node.deleteIndex(index + suffix);
        }
    }

    private static AlertRule rule(String name, String options) throws Exception {
        RuleLoader loader = new RuleLoader(
                new Options(Map.of("slack_webhook_url", "https://127.0.0.1/s"), Map.of()),
                ZoneOffset.UTC,
                List.of(),
                Set.of(),
                variable -> null);
        String text = "name: " + name + "\ntype: any\nindex: i\nalert: slack\n" + options;
        return AlertRule.of(loader.load(Path.of("routes/alerts/" + name + ".yaml"), path -> Optional.of(text))
                .rule());
    }

    private void commit(Instant at, BiConsumer<AlertStore, RunRecorder.Recording> work) throws Exception {
        try (Writer writer = warehouse.writer("rules")) {
            writer.commitWithState(tx -> {
                RunRecorder.Recording recording = recorder.begin(tx, at);
                WarehouseAlertStore store = new WarehouseAlertStore(tx, recording);
                work.accept(store, recording);
                store.write();
                recording.write();
                return RunOutcome.ok();
            });
        }
    }

    private List<Finding> findings(AlertRule rule, int... numbers) {
        List<Finding> findings = new ArrayList<>();
        for (int n : numbers) {
            Map<String, Object> match = new LinkedHashMap<>();
            match.put("@timestamp", now.minusSeconds(10).toString());
            match.put("n", n);
            match.put("_id", "d" + n);
            match.put("_index", "i");
            findings.add(Finding.of(rule.rule(), match, 0));
        }
        return findings;
    }

    private void outbox(String status, String error) {
        database.execute("update meta.outbox set status = ?, error = ?", status, error);
    }

    private long waiting() {
        return database.number("select count(*) from meta.elastalert_documents");
    }

    private List<JsonNode> documents(String from) throws Exception {
        node.refresh();
        List<JsonNode> found = new ArrayList<>();
        node.send(
                        "POST",
                        "/" + from + "/_search?size=100&ignore_unavailable=true",
                        "{\"sort\":[{\"@timestamp\":\"asc\"}]}")
                .at("/hits/hits")
                .forEach(found::add);
        return found;
    }

    private JsonNode only(String from) throws Exception {
        List<JsonNode> found = documents(from);
        assertThat(found).hasSize(1);
        return found.get(0).get("_source");
    }

    @Test
    void aRunIsWrittenAsAStatus() throws Exception {
        AlertRule rule = rule("a", "");
        commit(
                now,
                (store, recording) ->
                        recording.onSuccess(rule, now.minusSeconds(60), now, 7, 2, Duration.ofMillis(1_500)));
        delivery.deliver();

        JsonNode status = only(index + "_status");
        assertThat(status.toString())
                .isEqualTo("{\"rule_name\":\"a\",\"endtime\":\"" + now + "\",\"starttime\":\"" + now.minusSeconds(60)
                        + "\",\"matches\":2,\"hits\":7,\"@timestamp\":\"" + now + "\",\"time_taken\":1.5}");
        assertThat(waiting()).isZero();
    }

    @Test
    void anAlertIsWrittenWhenItWasDelivered() throws Exception {
        AlertRule rule = rule("a", "realert: {minutes: 5}\npriority: 1\nowner: me\ninclude_match_in_root: true\n");
        commit(now, (store, recording) -> DECIDER.decide(rule, findings(rule, 1), now, store));
        delivery.deliver();
        assertThat(documents(index)).isEmpty();
        assertThat(only(index + "_silence").toString())
                .isEqualTo("{\"exponent\":0,\"rule_name\":\"a\",\"@timestamp\":\"" + now + "\",\"until\":\""
                        + now.plusSeconds(300) + "\"}");

        outbox("sent", null);
        delivery.deliver();
        JsonNode alert = only(index);
        assertThat(alert.get("alert_sent").asBoolean()).isTrue();
        assertThat(alert.get("rule_name").asText()).isEqualTo("a");
        assertThat(alert.at("/alert_info/type").asText()).isEqualTo("slack");
        assertThat(alert.at("/alert_info/slack_username_override").asText()).isEqualTo("elastalert");
        assertThat(alert.get("alert_time").asText()).isEqualTo(now.toString());
        assertThat(alert.get("match_time").asText())
                .isEqualTo(now.minusSeconds(10).toString());
        assertThat(alert.at("/match_body/n").asInt()).isEqualTo(1);
        assertThat(alert.get("n").asInt()).isEqualTo(1);
        assertThat(alert.get("priority").asInt()).isEqualTo(1);
        assertThat(alert.get("owner").asText()).isEqualTo("me");
        assertThat(alert.has("alert_exception")).isFalse();
        assertThat(waiting()).isZero();
    }

    @Test
    void anAlertThatCouldNotBeDeliveredIsWrittenWithTheReason() throws Exception {
        AlertRule rule = rule("a", "");
        commit(now, (store, recording) -> DECIDER.decide(rule, findings(rule, 1), now, store));
        outbox("failed", "no_service");
        delivery.deliver();
        JsonNode alert = only(index);
        assertThat(alert.get("alert_sent").asBoolean()).isFalse();
        assertThat(alert.get("alert_exception").asText()).isEqualTo("no_service");
    }

    @Test
    void aGroupIsWrittenWhenItWaitsAndWhenItIsSent() throws Exception {
        AlertRule rule = rule("a", "aggregation: {minutes: 2}\n");
        List<Finding> findings = findings(rule, 1, 2);
        commit(now, (store, recording) -> DECIDER.decide(rule, findings, now, store));
        delivery.deliver();
        List<JsonNode> waiting = documents(index);
        assertThat(waiting).hasSize(2).allSatisfy(alert -> {
            assertThat(alert.at("/_source/alert_sent").asBoolean()).isFalse();
            assertThat(alert.at("/_source/alert_exception").isNull()).isTrue();
            assertThat(alert.at("/_source/alert_time").asText())
                    .isEqualTo(now.plusSeconds(120).toString());
        });
        String first = findings.get(0).identity();
        assertThat(waiting)
                .extracting(alert -> alert.get("_id").asText())
                .containsExactlyInAnyOrder(first, findings.get(1).identity());
        assertThat(waiting)
                .extracting(alert -> alert.at("/_source/aggregate_id").asText())
                .containsExactlyInAnyOrder("", first);

        Instant later = now.plusSeconds(121);
        commit(later, (store, recording) -> DECIDER.release(name -> rule, later, store));
        outbox("sent", null);
        delivery.deliver();
        List<JsonNode> sent = documents(index);
        assertThat(sent)
                .hasSize(2)
                .allSatisfy(alert ->
                        assertThat(alert.at("/_source/alert_sent").asBoolean()).isTrue());
        assertThat(sent)
                .extracting(alert -> alert.get("_id").asText())
                .containsExactlyInAnyOrder(first, findings.get(1).identity());
        assertThat(sent)
                .extracting(alert -> alert.at("/_source/aggregate_id").asText())
                .containsExactlyInAnyOrder("", first);
        assertThat(waiting()).isZero();
    }

    @Test
    void aFailedRunIsWrittenAsAnError() throws Exception {
        AlertRule rule = rule("a", "");
        commit(now, (store, recording) -> recording.onFailure(rule, "Elasticsearch does not answer"));
        delivery.deliver();
        JsonNode error = only(index + "_error");
        assertThat(error.get("message").asText()).isEqualTo("Elasticsearch does not answer");
        assertThat(error.at("/data/rule").asText()).isEqualTo("a");
    }

    @Test
    void missingIndicesAreCreatedWithTheMappingsOfElastAlert() throws Exception {
        AlertRule rule = rule("a", "");
        commit(now, (store, recording) -> recording.onSuccess(rule, now, now, 0, 0, Duration.ZERO));
        delivery.deliver();
        for (String created : List.of(index, index + "_status", index + "_silence", index + "_past")) {
            assertThat(node.send("GET", "/" + created + "/_mapping", null)
                            .at("/" + created + "/mappings/properties/rule_name/type")
                            .asText())
                    .as(created)
                    .isEqualTo("keyword");
        }
        assertThat(node.send("GET", "/" + index + "/_mapping", null)
                        .at("/" + index + "/mappings/properties/match_body/enabled")
                        .asText())
                .isEqualTo("false");
    }

    @Test
    void aDocumentKeepsItsNewestVersionWhenAnOlderOneIsSentAgain() throws Exception {
        AlertRule rule = rule("a", "aggregation: {minutes: 2}\n");
        commit(now, (store, recording) -> DECIDER.decide(rule, findings(rule, 1), now, store));
        Instant later = now.plusSeconds(121);
        commit(later, (store, recording) -> DECIDER.release(name -> rule, later, store));
        outbox("sent", null);
        AtomicReference<Integer> status = new AtomicReference<>(429);
        StateDelivery busy = new StateDelivery(
                warehouse,
                (method, path, query, body) -> {
                    JsonNode answer = server.send(method, path, query, body);
                    int first = method.equals("POST") && body.contains("\"alert_sent\":false") ? 0 : -1;
                    if (first == 0 && status.get() != null) {
                        // the index refuses the document of the waiting match for now
                        for (int i = 0; i < answer.path("items").size() && status.get() != null; i++) {
                            if (body.split("\n")[2 * i + 1].contains("\"alert_sent\":false")) {
                                ((ObjectNode) answer.at("/items/" + i + "/index"))
                                        .put("status", status.getAndSet(null));
                            }
                        }
                    }
                    return answer;
                },
                index,
                recorder);
        busy.deliver();
        assertThat(waiting()).isEqualTo(2);
        busy.deliver();

        assertThat(only(index).get("alert_sent").asBoolean()).isTrue();
        assertThat(waiting()).isZero();
    }

    @Test
    void aDocumentThatIsSentTwiceIsThereOnce() throws Exception {
        AlertRule rule = rule("a", "");
        AtomicReference<String> lost = new AtomicReference<>("POST");
        StateDelivery interrupted = new StateDelivery(
                warehouse,
                (method, path, query, body) -> {
                    JsonNode answer = server.send(method, path, query, body);
                    if (method.equals(lost.get())) {
                        throw new ElasticsearchException(Fault.UNREADABLE, "the reply was cut off", null);
                    }
                    return answer;
                },
                index,
                recorder);
        commit(
                now,
                (store, recording) ->
                        recording.onSuccess(rule, now.minusSeconds(60), now, 7, 2, Duration.ofMillis(10)));
        interrupted.deliver();
        assertThat(documents(index + "_status")).hasSize(1);
        assertThat(waiting()).isEqualTo(1);
        lost.set("nothing");
        interrupted.deliver();
        assertThat(documents(index + "_status")).hasSize(1);
        assertThat(waiting()).isZero();
    }

    @Test
    void aDocumentThatElasticsearchRefusesIsRejected() throws Exception {
        node.createIndex(
                index, "{\"mappings\":{\"dynamic\":\"strict\",\"properties\":{\"@timestamp\":{\"type\":\"date\"}}}}");
        AlertRule rule = rule("a", "alert_text: x\nrealert: {minutes: 5}\n");
        commit(now, (store, recording) -> DECIDER.decide(rule, findings(rule, 1), now, store));
        outbox("sent", null);
        delivery.deliver();
        assertThat(waiting()).isZero();
        assertThat(only(index + "_silence").get("rule_name").asText()).isEqualTo("a");
        assertThat(database.rows("select reason from meta.rejects"))
                .first(STRING)
                .contains("strict");
        assertThat(database.rows("select target from meta.rejects"))
                .first(STRING)
                .contains(index);
    }

    /** The test node has no data streams; the answer is that of a node that has them. */
    @Test
    void documentsWaitWhenTheIndexIsADataStream() throws Exception {
        JsonNode refusal = new ObjectMapper()
                .readTree("{\"errors\":true,\"items\":[{\"index\":{\"status\":400,\"error\":{\"reason\":"
                        + "\"only write ops with an op_type of create are allowed in data streams\"}}}]}");
        StateDelivery stream = new StateDelivery(
                warehouse,
                (method, path, query, body) -> path.equals("/_bulk") ? refusal : server.send(method, path, query, body),
                index,
                recorder);
        AlertRule rule = rule("a", "");
        commit(now, (store, recording) -> recording.onSuccess(rule, now, now, 0, 0, Duration.ZERO));
        stream.deliver();
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void anImportReadsWhatWasWritten() throws Exception {
        AlertRule rule = rule("a", "aggregation: {minutes: 2}\nrealert: {minutes: 5}\n");
        commit(now, (store, recording) -> {
            DECIDER.decide(rule, findings(rule, 1), now, store);
            recording.onSuccess(rule, now.minusSeconds(60), now, 1, 1, Duration.ofMillis(10));
        });
        delivery.deliver();
        node.refresh();
        StateReader reader = new StateReader(server);
        ImportedState left = ImportedState.read(
                reader, index, List.of(rule), now.plusSeconds(1), now.minusSeconds(60), now.minusSeconds(60));
        assertThat(left.runs())
                .singleElement()
                .satisfies(run -> assertThat(run.end()).isEqualTo(now));
        assertThat(left.silences())
                .singleElement()
                .satisfies(silence -> assertThat(silence.until()).isEqualTo(now.plusSeconds(300)));
        assertThat(left.pending())
                .singleElement()
                .satisfies(alert -> assertThat(alert.matches()).hasSize(1));
    }
}
