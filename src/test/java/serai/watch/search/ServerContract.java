package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import serai.demo.ElasticsearchNode;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;
import serai.watch.type.RuleType;

/** What every supported server has to do: each kind of query, sent to a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerContract {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Window MINUTE = new Window(NOON.minusSeconds(60), NOON);
    private static final String INDEX = "contract-2026.03.01";

    private ElasticsearchNode node;
    private RunningSearch running;

    abstract ElasticsearchNode node() throws Exception;

    abstract String product();

    @BeforeAll
    void start() throws Exception {
        node = node();
        node.createIndex(INDEX, """
                {"settings":{"number_of_replicas":0},"mappings":{"properties":{"@timestamp":{"type":"date"},"level":{"type":"keyword"},
                 "user":{"type":"text","fields":{"keyword":{"type":"keyword"}}},"ms":{"type":"long"},"t":{"type":"long"}}}}""");
        node.index(
                INDEX,
                IntStream.range(0, 60)
                        .mapToObj(i -> Map.of(
                                "_id",
                                "d" + i,
                                "level",
                                i % 3 == 0 ? "error" : "info",
                                "user",
                                i % 2 == 0 ? "ann b" : "bob",
                                "ms",
                                i,
                                "t",
                                NOON.getEpochSecond() - i,
                                "o",
                                Map.of("p", i, "q", "x"),
                                "@timestamp",
                                NOON.minusSeconds(i).toString()))
                        .toList());
        running = RunningSearch.at(node.hostAddress());
    }

    @AfterAll
    void stop() throws Exception {
        running.close();
        node.deleteIndex(INDEX);
        end(node);
    }

    /** For a node of the test's own. */
    void end(ElasticsearchNode own) throws Exception {}

    private Search.Answer answer(Query query) throws Exception {
        return RunningSearch.answer(running.search.ask(query));
    }

    private static Query.Documents minute(Rule rule, int size) {
        return Query.Documents.first(rule, MINUTE, size);
    }

    @Test
    void documentsAreReadPageByPage() throws Exception {
        Rule rule = RunningSearch.rule(
                "index",
                "contract-%Y.%m.%d",
                "use_strftime_index",
                true,
                "filter",
                List.of(Map.of("term", Map.of("level", "error"))));
        List<String> ids = new ArrayList<>();
        JsonNode after = null;
        for (int page = 0; page < 4; page++) {
            Search.Answer answer = answer(new Query.Documents(rule, MINUTE, null, null, 7, after));
            answer.hits().forEach(hit -> ids.add(hit.id()));
            after = answer.last();
        }
        assertThat(ids)
                .hasSize(20)
                .doesNotHaveDuplicates()
                .startsWith("d57", "d54")
                .endsWith("d0");
    }

    @Test
    void onlyTheRequestedFieldsAreFetched() throws Exception {
        Rule rule = RunningSearch.rule("index", INDEX);
        List<String> fields = List.of("@timestamp", "user.keyword", "o.p");
        Search.Answer answer = answer(new Query.Documents(rule, MINUTE, null, fields, 1, null));
        assertThat(answer.hits().get(0).source())
                .isEqualTo(Map.of("@timestamp", "2026-03-01T11:59:01Z", "user", "bob", "o", Map.of("p", 59)));
        assertThat(answer.hits().get(0).index()).isEqualTo(INDEX);
    }

    @Test
    void oneAnswerHasTheCountsAndGroupsOfAllRanges() throws Exception {
        Rule count = RunningSearch.rule(
                "index",
                INDEX,
                "type",
                "frequency",
                "num_events",
                1,
                "timeframe",
                Map.of("minutes", 1),
                "use_count_query",
                true);
        assertThat(answer(new Query.Counts(count, List.of(MINUTE), null, null, Map.of()))
                        .counts())
                .containsExactly(new Search.Count(60, Map.of()));
        Rule terms = RunningSearch.rule(
                "index",
                INDEX,
                "type",
                "frequency",
                "num_events",
                1,
                "timeframe",
                Map.of("minutes", 1),
                "use_terms_query",
                true,
                "query_key",
                "level");
        List<Window> halves = List.of(
                new Window(NOON.minusSeconds(60), NOON.minusSeconds(30)), new Window(NOON.minusSeconds(30), NOON));
        Search.Count half = new Search.Count(30, Map.of("info", 20L, "error", 10L));
        List<Search.Count> counts = answer(
                        new Query.Counts(terms, halves, null, Query.Terms.of(terms, "level"), Map.of()))
                .counts();
        assertThat(counts).containsExactly(half, half);
        assertThat(counts.get(0).terms().keySet()).containsExactly("info", "error");
    }

    @Test
    void metricsAreAggregatedByKeyAndInterval() throws Exception {
        Rule rule = RunningSearch.rule(
                "index",
                INDEX,
                "type",
                "metric_aggregation",
                "metric_agg_key",
                "ms",
                "metric_agg_type",
                "max",
                "max_threshold",
                1,
                "query_key",
                "level",
                "bucket_interval",
                Map.of("seconds", 30),
                "buffer_time",
                Map.of("minutes", 1));
        Instant start = NOON.minusSeconds(50);
        Query.Metrics query = new Query.Metrics(rule, new Window(start, NOON.plusSeconds(10)), start);
        Search.Bucket first = answer(query).buckets().get(0);
        assertThat(first.keys()).containsExactly("info");
        assertThat(first.start()).isEqualTo("2026-03-01T11:59:10Z");
        assertThat(first.value()).isEqualTo(49.0);
    }

    @Test
    void percentagesAreAggregated() throws Exception {
        Rule rule = RunningSearch.rule(
                "index",
                INDEX,
                "type",
                "percentage_match",
                "max_percentage",
                10,
                "match_bucket_filter",
                List.of(Map.of("term", Map.of("level", "error"))));
        assertThat(answer(new Query.Metrics(rule, MINUTE, NOON)))
                .isEqualTo(Search.Answer.metrics(60, List.of(new Search.Bucket(List.of(), null, 60, 20L))));
    }

    @Test
    void valuesOfAListOfAnyLengthAreFound() throws Exception {
        List<String> many = new ArrayList<>(
                IntStream.range(0, 5_000).mapToObj(i -> "nobody " + i).toList());
        many.add("ann b");
        for (List<String> list : List.of(List.of("ann b"), many)) {
            Rule black =
                    RunningSearch.rule("index", INDEX, "type", "blacklist", "compare_key", "user", "blacklist", list);
            assertThat(answer(minute(black, 100)).hits()).hasSize(30);
            Rule white = RunningSearch.rule(
                    "index", INDEX, "type", "whitelist", "compare_key", "user", "whitelist", list, "ignore_null", true);
            assertThat(answer(minute(white, 100)).hits()).hasSize(30);
        }
    }

    @Test
    void timesMayBeNumbersOrHaveACustomFormatOrAZone() throws Exception {
        Rule unix = RunningSearch.rule("index", INDEX, "timestamp_field", "t", "timestamp_type", "unix");
        assertThat(answer(minute(unix, 100)).hits()).hasSize(60);
        Rule custom = RunningSearch.rule(
                "index",
                INDEX,
                "timestamp_type",
                "custom",
                "timestamp_format",
                "%Y-%m-%dT%H:%M:%S.%fZ",
                "timestamp_format_expr",
                "ts[:23] + ts[26:]");
        assertThat(answer(minute(custom, 100)).hits()).hasSize(60);
        Rule zone = RunningSearch.rule("index", INDEX, "query_timezone", "Europe/Berlin");
        assertThat(answer(minute(zone, 100)).hits()).hasSize(60);
    }

    @Test
    void wholeDocumentsAreFetchedByTheirIds() throws Exception {
        Rule rule = RunningSearch.rule("index", INDEX);
        List<Search.Hit> hits = answer(new Query.ById(rule, Set.of(INDEX), Set.of("d3", "d4", "gone")))
                .hits();
        assertThat(hits).extracting(Search.Hit::id).containsExactlyInAnyOrder("d3", "d4");
        assertThat(hits.get(0).source()).containsKeys("level", "user", "ms", "o");
    }

    @Test
    void allIndicesOfAListWithCommasAreSearched() throws Exception {
        Rule rule = RunningSearch.rule("index", "contract-not-there-*," + INDEX);
        assertThat(answer(minute(rule, 100)).hits()).hasSize(60);
    }

    @Test
    void newTermLearnsMoreValuesThanTheServerGivesInOneAnswer() throws Exception {
        Rule rule = RunningSearch.rule(
                "index",
                INDEX,
                "type",
                "new_term",
                "fields",
                List.of("ms", List.of("level", "ms")),
                "use_keyword_postfix",
                false,
                "terms_window_size",
                Map.of("hours", 1),
                "window_step_size",
                Map.of("hours", 1));
        setMaxBuckets(25);
        try {
            Query whole = RuleType.open(rule, MissingNode.getInstance())
                    .baseline(NOON)
                    .get(0);
            assertThatThrownBy(() -> answer(whole)).hasRootCauseInstanceOf(Search.TooLargeException.class);
            RuleRun.Result first = new RuleRun(
                            rule,
                            RuleState.NEW,
                            running.search,
                            new RuleRun.Bounds(1_000, 10, 1_000, Duration.ofDays(1)),
                            NOON.plusSeconds(1))
                    .run()
                    .get(30, TimeUnit.SECONDS);
            assertThat(first.fresh()).isEqualTo(60);
            assertThat(first.matches()).isEmpty();
        } finally {
            setMaxBuckets(null);
        }
    }

    private void setMaxBuckets(Integer number) throws Exception {
        node.send("PUT", "/_cluster/settings", "{\"persistent\":{\"search.max_buckets\":" + number + "}}");
    }

    @Test
    void aMissingIndexHasNoHits() throws Exception {
        Rule rule = RunningSearch.rule("index", "contract-not-there");
        assertThat(answer(minute(rule, 10)).hits()).isEmpty();
        List<Window> halves = List.of(
                new Window(NOON.minusSeconds(60), NOON.minusSeconds(30)), new Window(NOON.minusSeconds(30), NOON));
        assertThat(answer(new Query.Counts(rule, halves, null, null, Map.of())).counts())
                .containsExactly(new Search.Count(0, Map.of()), new Search.Count(0, Map.of()));
    }

    @Test
    void aBadQueryFailsAloneAndNotTheOthersOfItsRequest() throws Exception {
        Rule good = RunningSearch.rule("name", "good", "index", INDEX);
        Rule bad = RunningSearch.rule(
                "name", "bad", "index", INDEX, "filter", List.of(Map.of("no_such_query", Map.of("x", 1))));
        Rule wrong = RunningSearch.rule(
                "name", "wrong", "index", INDEX, "filter", List.of(Map.of("range", Map.of("ms", Map.of("gt", "abc")))));
        List<CompletableFuture<Search.Answer>> asked = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            asked.add(running.search.ask(minute(good, 10 + i)));
        }
        CompletableFuture<Search.Answer> refused = running.search.ask(minute(bad, 10));
        CompletableFuture<Search.Answer> failed = running.search.ask(minute(wrong, 10));
        for (CompletableFuture<Search.Answer> one : asked) {
            assertThat(RunningSearch.answer(one).hits()).isNotEmpty();
        }
        assertThatThrownBy(() -> RunningSearch.answer(refused))
                .hasRootCauseInstanceOf(Search.FailedException.class)
                .hasMessageContaining("no_such_query");
        assertThatThrownBy(() -> RunningSearch.answer(failed))
                .hasRootCauseInstanceOf(Search.FailedException.class)
                .hasMessageContaining("abc");
    }

    @Test
    void theProductAndVersionOfTheServerAreKnown() throws Exception {
        Rule eql = RunningSearch.rule("index", INDEX, "filter", List.of(Map.of("eql", "any where true")));
        assertThatThrownBy(() -> answer(minute(eql, 10)))
                .hasMessageContaining(product().startsWith("OpenSearch") ? product() + " has no EQL" : "_eql/search");
    }
}
