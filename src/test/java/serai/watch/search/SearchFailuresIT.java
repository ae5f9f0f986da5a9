package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.demo.SearchFront;
import serai.testing.TestElasticsearch;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * A server that fails in every way, in front of a real node: each query is answered in full, or fails with the reason.
 */
class SearchFailuresIT {

    private static final String INDEX = "search-failures";
    private static final String ALL = "{\"size\":10,\"sort\":[{\"n\":\"asc\"}]}";

    private SearchFront front;
    private RunningSearch running;

    @BeforeAll
    static void fill() throws Exception {
        TestElasticsearch.node().createIndex(INDEX, "{\"settings\":{\"number_of_replicas\":0}}");
        TestElasticsearch.node()
                .index(
                        INDEX,
                        IntStream.range(0, 50)
                                .mapToObj(i -> Map.of("_id", "d" + i, "n", i, "text", "x".repeat(200)))
                                .toList());
    }

    @AfterAll
    static void empty() throws Exception {
        TestElasticsearch.node().deleteIndex(INDEX);
    }

    @BeforeEach
    void start() throws Exception {
        front = SearchFront.start(TestElasticsearch.node().url());
        running = RunningSearch.at(
                front.hostAddress(), "watch.search-timeout", "20", "watch.search-max-bytes", "1000000");
        assertThat(ask("first").get()).isNotNull();
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
        front.close();
    }

    private CompletableFuture<ElasticsearchResponse> ask(String rule) throws Exception {
        return running.ask(rule(rule), INDEX, ALL);
    }

    private static Rule rule(String name) throws RuleException {
        return RunningSearch.rule("name", name, "index", INDEX);
    }

    private List<CompletableFuture<ElasticsearchResponse>> ask(int rules) throws Exception {
        return ask(running, rules);
    }

    /** Each asks for another number of documents, and no two queries are the same. */
    private static List<CompletableFuture<ElasticsearchResponse>> ask(RunningSearch search, int rules)
            throws Exception {
        List<CompletableFuture<ElasticsearchResponse>> asked = new ArrayList<>();
        for (int i = 0; i < rules; i++) {
            asked.add(search.ask(rule("rule " + i), INDEX, """
                    {"size":%d,"sort":[{"n":"asc"}],"query":{"range":{"n":{"gte":0,"boost":%d}}}}""".formatted(i % 40 + 1, i + 1)));
        }
        return asked;
    }

    @Test
    void queriesOfManyRulesShareFewRequestsAndEachGetsItsOwnAnswer() throws Exception {
        try (RunningSearch one = RunningSearch.at(front.hostAddress(), "watch.search-requests", "1")) {
            int first = front.questions().size();
            front.next((request, line) -> line.late(Duration.ofSeconds(6)));
            one.ask(rule("slow"), INDEX, ALL);
            Awaitility.await().until(() -> front.questions().size() > first);
            List<CompletableFuture<ElasticsearchResponse>> asked = ask(one, 1_000);
            for (int i = 0; i < asked.size(); i++) {
                ElasticsearchResponse answer = RunningSearch.answer(asked.get(i));
                assertThat(answer.hits()).hasSize(i % 40 + 1);
                assertThat(answer.hits().get(i % 40).source().get("n")).isEqualTo(i % 40);
            }
            assertThat(front.questions().size() - first).isLessThanOrEqualTo(20);
            assertThat(front.lastHeaders()).containsEntry("Content-Encoding", "gzip");
        }
    }

    @Test
    void queriesWithTheSameTextAreSentOnce() throws Exception {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            rules.add(rule("same " + i));
        }
        double sent = running.metric("sent_bytes");
        List<CompletableFuture<ElasticsearchResponse>> asked = new ArrayList<>();
        for (Rule rule : rules) {
            asked.add(running.ask(rule, INDEX, ALL));
        }
        for (CompletableFuture<ElasticsearchResponse> one : asked) {
            assertThat(RunningSearch.answer(one).hits()).hasSize(10);
        }
        assertThat(running.metric("sent_bytes") - sent).isLessThan(2_000);
    }

    @Test
    void queriesFailWhenSeraiStops() throws Exception {
        CompletableFuture<ElasticsearchResponse> asked;
        try (RunningSearch away = RunningSearch.at("127.0.0.1:9")) {
            asked = away.ask(rule("waits"), INDEX, ALL);
        }
        assertThatThrownBy(() -> RunningSearch.answer(asked)).hasMessageContaining("Serai stops");
    }

    @Test
    void aServerThatIsBusyForAMomentIsAskedAgain() throws Exception {
        front.next((request, line) ->
                line.json(429, "{\"error\":{\"type\":\"x\",\"reason\":\"busy\"},\"status\":429}", "Retry-After", "1"));
        front.next((request, line) -> line.html(503));
        assertThat(RunningSearch.answer(ask("patient")).hits()).hasSize(10);
    }

    @Test
    void aQueryWhoseShardsFailedFailsAlone() throws Exception {
        List<CompletableFuture<ElasticsearchResponse>> asked = ask(5);
        CompletableFuture<ElasticsearchResponse> broken =
                running.ask(rule("broken"), INDEX, "{\"size\":1,\"sort\":[{\"nowhere\":\"asc\"}]}");
        for (CompletableFuture<ElasticsearchResponse> one : asked) {
            assertThat(RunningSearch.answer(one).hits()).isNotEmpty();
        }
        assertThatThrownBy(() -> RunningSearch.answer(broken))
                .hasRootCauseInstanceOf(Search.FailedException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void aPartialAnswerIsAFailure() throws Exception {
        for (String part : List.of(
                "\"timed_out\":true,\"_shards\":{\"total\":1,\"failed\":0}",
                "\"_shards\":{\"total\":2,\"failed\":1,\"failures\":[{\"reason\":{\"type\":\"t\",\"reason\":\"a shard is away\"}}]}")) {
            front.next((request, line) ->
                    line.json(200, "{\"responses\":[{" + part + ",\"hits\":{\"hits\":[]},\"status\":200}]}"));
            assertThatThrownBy(() -> RunningSearch.answer(ask("part")))
                    .hasRootCauseInstanceOf(Search.FailedException.class)
                    .hasMessageMatching("(?s).*(a shard is away|did not finish).*");
        }
    }

    @Test
    void answersBeforeACutAreKeptAndTheOthersFail() throws Exception {
        try (RunningSearch one = RunningSearch.at(front.hostAddress(), "watch.search-requests", "1")) {
            front.next((request, line) -> line.late(Duration.ofSeconds(2)));
            int before = front.questions().size();
            one.ask(rule("slow"), INDEX, ALL);
            Awaitility.await().until(() -> front.questions().size() > before);
            List<CompletableFuture<ElasticsearchResponse>> asked = ask(one, 20);
            front.next((request, line) -> line.cutAfter(6_000));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> asked.stream().allMatch(CompletableFuture::isDone));
            assertThat(asked.get(0).get().hits()).hasSize(1);
            assertThatThrownBy(() -> asked.get(19).get())
                    .hasRootCauseInstanceOf(Search.FailedException.class)
                    .hasMessageContaining("cut off");
        }
    }

    @Test
    void queriesWhoseReplyIsTooLargeAreSentInSmallerBatches() throws Exception {
        try (RunningSearch small = RunningSearch.at(front.hostAddress(), "watch.search-max-bytes", "100000")) {
            for (CompletableFuture<ElasticsearchResponse> one : ask(small, 100)) {
                assertThat(RunningSearch.answer(one).hits()).isNotEmpty();
            }
        }
        front.always((request, line) -> line.endless());
        assertThatThrownBy(() -> RunningSearch.answer(ask("endless")))
                .hasRootCauseInstanceOf(Search.TooLargeException.class)
                .hasMessageContaining("max_query_size");
        front.always(null);
        assertThat(RunningSearch.answer(ask("endless")).hits()).hasSize(10);
    }

    @Test
    void aServerThatSendsNothingIsGivenUpInTime() throws Exception {
        try (RunningSearch impatient = RunningSearch.at(front.hostAddress(), "watch.search-timeout", "2")) {
            front.next((request, line) -> line.hang());
            long start = System.nanoTime();
            assertThatThrownBy(() -> impatient.answer(rule("silent"), INDEX, ALL))
                    .hasRootCauseInstanceOf(Search.FailedException.class)
                    .hasMessageContaining("in time");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                                    impatient.answer(rule("silent"), INDEX, ALL).hits())
                            .hasSize(10));
        }
    }

    @Test
    void aSlowQueryIsSentAloneAfterItCostOthersTheirAnswers() throws Exception {
        try (RunningSearch impatient = RunningSearch.at(front.hostAddress(), "watch.search-timeout", "3")) {
            String slow = "{\"size\":1,\"query\":{\"match_all\":{\"boost\":7777}}}";
            front.always((request, line) -> {
                if (front.text(request).contains("7777")) {
                    line.hang();
                } else {
                    line.late(Duration.ZERO);
                }
            });
            Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
                CompletableFuture<ElasticsearchResponse> slowAnswer = impatient.ask(rule("slow"), INDEX, slow);
                List<CompletableFuture<ElasticsearchResponse>> others = ask(impatient, 30);
                for (CompletableFuture<ElasticsearchResponse> one : others) {
                    assertThat(RunningSearch.answer(one).hits()).isNotEmpty();
                }
                assertThatThrownBy(() -> RunningSearch.answer(slowAnswer)).hasMessageContaining("in time");
            });
        }
    }

    @Test
    void anHtmlPageIsReportedAsNotJson() throws Exception {
        front.next((request, line) -> line.html(200));
        assertThatThrownBy(() -> RunningSearch.answer(ask("page")))
                .hasRootCauseInstanceOf(Search.FailedException.class)
                .hasMessageContaining("not JSON");
        assertThat(RunningSearch.answer(ask("page")).hits()).hasSize(10);
    }

    @Test
    void aDeadServerGetsFewRequestsUntilItAnswersAgain() throws Exception {
        front.down();
        List<CompletableFuture<ElasticsearchResponse>> asked = ask(500);
        Awaitility.await()
                .atMost(Duration.ofSeconds(25))
                .until(() -> asked.stream().allMatch(CompletableFuture::isDone));
        assertThatThrownBy(() -> asked.get(0).get())
                .hasRootCauseInstanceOf(Search.NoServerException.class)
                .hasMessageContaining("has not answered since");
        double requests = running.metric("requests");
        ask(500);
        assertThat(running.metric("requests") - requests).isLessThan(5);
        front.up();
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(RunningSearch.answer(ask("again")).hits()).hasSize(10));
    }

    @Test
    void aRestartOfTheServerIsNotNoticedByRules() throws Exception {
        front.down();
        CompletableFuture<ElasticsearchResponse> asked = ask("restart");
        Awaitility.await().pollDelay(Duration.ofMillis(700)).until(() -> true);
        assertThat(asked).isNotDone();
        front.up();
        assertThat(RunningSearch.answer(asked).hits()).hasSize(10);
    }

    @Test
    void aServerThatWasKilledBehindItsProxyIsFoundAgain() throws Exception {
        front.passTo("http://127.0.0.1:1");
        CompletableFuture<ElasticsearchResponse> asked = ask("killed");
        assertThatThrownBy(() -> RunningSearch.answer(asked)).hasRootCauseInstanceOf(Search.NoServerException.class);
        front.passTo(TestElasticsearch.node().url());
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(RunningSearch.answer(ask("killed")).hits()).hasSize(10));
    }

    @Test
    void metricsCountQueriesRequestsAndBytes() throws Exception {
        assertThat(RunningSearch.answer(ask("metered")).hits()).hasSize(10);
        assertThat(running.metric("questions")).isEqualTo(2);
        assertThat(running.metric("requests")).isEqualTo(3);
        assertThat(running.metric("sent_bytes")).isBetween(200d, 1_000d);
        assertThat(running.metric("received_bytes")).isBetween(500d, 9_000d);
        assertThat(running.metric("failures")).isZero();
    }

    @Test
    void anotherHostOfTheClusterIsAskedWhenOneIsDown() throws Exception {
        try (SearchFront other = SearchFront.start(TestElasticsearch.node().url());
                RunningSearch two = RunningSearch.at(front.hostAddress() + "," + other.hostAddress())) {
            assertThat(two.answer(rule("two"), INDEX, ALL).hits()).hasSize(10);
            front.down();
            assertThat(two.answer(rule("two"), INDEX, ALL).hits()).hasSize(10);
            assertThat(other.questions()).isNotEmpty();
        }
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        for (int i = 0; i < 20; i++) {
            assertThat(RunningSearch.answer(ask("often")).hits()).hasSize(10);
        }
        assertThat(front.connections()).isLessThanOrEqualTo(4);
    }

    @Test
    void noMoreRequestsAreUnderWayThanAllowed() throws Exception {
        front.always((request, line) -> line.late(Duration.ofMillis(300)));
        List<CompletableFuture<ElasticsearchResponse>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.addAll(ask(40));
        }
        for (CompletableFuture<ElasticsearchResponse> one : asked) {
            assertThat(RunningSearch.answer(one).hits()).isNotEmpty();
        }
        assertThat(front.mostAtOnce()).isBetween(2, 4);
    }
}
