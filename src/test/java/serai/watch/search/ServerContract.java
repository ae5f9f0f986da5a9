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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import serai.demo.ElasticsearchNode;
import serai.watch.query.RuleQuery;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;
import serai.watch.type.RuleType;

/** What every server that is named as supported has to do: each kind of question, put to a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerContract {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
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

    private Search.Answer answer(RuleQuery query, com.fasterxml.jackson.databind.node.ObjectNode body)
            throws Exception {
        return RunningSearch.answer(running.search.ask(query.request(body)));
    }

    private static RuleQuery minute(Rule rule) {
        return new RuleQuery(rule, NOON.minusSeconds(60), NOON);
    }

    @Test
    void readsDocumentsPageByPage() throws Exception {
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
            Search.Answer answer = answer(minute(rule), minute(rule).page(7, after));
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
    void fetchesOnlyTheFieldsAskedFor() throws Exception {
        Rule rule = RunningSearch.rule("index", INDEX);
        Search.Answer answer =
                answer(minute(rule), minute(rule).page(1, null, List.of("@timestamp", "user.keyword", "o.p")));
        assertThat(answer.hits().get(0).source())
                .isEqualTo(Map.of("@timestamp", "2026-03-01T11:59:01Z", "user", "bob", "o", Map.of("p", 59)));
        assertThat(answer.hits().get(0).index()).isEqualTo(INDEX);
    }

    @Test
    void countsAndGroupsInOneAnswer() throws Exception {
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
        assertThat(answer(minute(count), minute(count).page(0, null)).total()).isEqualTo(60);
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
        List<RuleQuery.Range> halves = List.of(
                new RuleQuery.Range(NOON.minusSeconds(60), NOON.minusSeconds(30)),
                new RuleQuery.Range(NOON.minusSeconds(30), NOON));
        JsonNode buckets = answer(minute(terms), minute(terms).counts(halves))
                .aggregations()
                .at("/ranges/buckets");
        assertThat(buckets.findValuesAsText("doc_count")).containsExactly("30", "20", "10", "30", "20", "10");
        assertThat(buckets.at("/0/counts/buckets/0/key").asText()).isEqualTo("info");
    }

    @Test
    void aggregatesByKeyAndInterval() throws Exception {
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
        RuleQuery query = new RuleQuery(rule, start, NOON.plusSeconds(10)).bucketsFrom(start);
        JsonNode levels = answer(query, query.page(0, null)).aggregations().at("/bucket_aggs/buckets");
        JsonNode intervals = levels.at("/0/interval_aggs/buckets");
        assertThat(intervals.at("/0/key_as_string").asText()).isEqualTo("2026-03-01T11:59:10.000Z");
        assertThat(intervals.at("/0/metric_ms_max/value").asInt()).isEqualTo(49);
    }

    @Test
    void aggregatesPercentages() throws Exception {
        Rule rule = RunningSearch.rule(
                "index",
                INDEX,
                "type",
                "percentage_match",
                "max_percentage",
                10,
                "match_bucket_filter",
                List.of(Map.of("term", Map.of("level", "error"))));
        JsonNode buckets =
                answer(minute(rule), minute(rule).page(0, null)).aggregations().at("/percentage_match_aggs/buckets");
        assertThat(buckets.at("/match_bucket/doc_count").asInt()).isEqualTo(20);
        assertThat(buckets.at("/_other_/doc_count").asInt()).isEqualTo(40);
    }

    @Test
    void findsValuesOfAListOfAnyLength() throws Exception {
        List<String> many = new ArrayList<>(
                IntStream.range(0, 5_000).mapToObj(i -> "nobody " + i).toList());
        many.add("ann b");
        for (List<String> list : List.of(List.of("ann b"), many)) {
            Rule black =
                    RunningSearch.rule("index", INDEX, "type", "blacklist", "compare_key", "user", "blacklist", list);
            assertThat(answer(minute(black), minute(black).page(100, null)).hits())
                    .hasSize(30);
            Rule white = RunningSearch.rule(
                    "index", INDEX, "type", "whitelist", "compare_key", "user", "whitelist", list, "ignore_null", true);
            assertThat(answer(minute(white), minute(white).page(100, null)).hits())
                    .hasSize(30);
        }
    }

    @Test
    void asksForTimesThatAreNumbersOrTextOfTheirOwn() throws Exception {
        Rule unix = RunningSearch.rule("index", INDEX, "timestamp_field", "t", "timestamp_type", "unix");
        assertThat(answer(minute(unix), minute(unix).page(100, null)).hits()).hasSize(60);
        Rule custom = RunningSearch.rule(
                "index",
                INDEX,
                "timestamp_type",
                "custom",
                "timestamp_format",
                "%Y-%m-%dT%H:%M:%S.%fZ",
                "timestamp_format_expr",
                "ts[:23] + ts[26:]");
        assertThat(answer(minute(custom), minute(custom).page(100, null)).hits())
                .hasSize(60);
        Rule zone = RunningSearch.rule("index", INDEX, "query_timezone", "Europe/Berlin");
        assertThat(answer(minute(zone), minute(zone).page(100, null)).hits()).hasSize(60);
    }

    @Test
    void fetchesWholeDocumentsByTheirIds() throws Exception {
        Rule rule = RunningSearch.rule("index", INDEX);
        List<Search.Hit> hits = answer(minute(rule), minute(rule).documents(List.of("d3", "d4", "gone")))
                .hits();
        assertThat(hits).extracting(Search.Hit::id).containsExactlyInAnyOrder("d3", "d4");
        assertThat(hits.get(0).source()).containsKeys("level", "user", "ms", "o");
    }

    @Test
    void searchesAllIndicesOfAListWithCommas() throws Exception {
        Rule rule = RunningSearch.rule("index", "contract-not-there-*," + INDEX);
        assertThat(answer(minute(rule), minute(rule).page(100, null)).hits()).hasSize(60);
    }

    @Test
    void learnsMoreValuesThanTheServerGivesAtATime() throws Exception {
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
        mostBuckets(25);
        try {
            String whole = RuleType.open(rule, MissingNode.getInstance())
                    .baseline(NOON)
                    .get(0)
                    .body()
                    .toString();
            assertThatThrownBy(() -> running.answer(rule, INDEX, whole))
                    .hasRootCauseInstanceOf(Search.TooLargeException.class);
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
            mostBuckets(null);
        }
    }

    private void mostBuckets(Integer number) throws Exception {
        node.send("PUT", "/_cluster/settings", "{\"persistent\":{\"search.max_buckets\":" + number + "}}");
    }

    @Test
    void findsNothingInAnIndexThatIsNotThere() throws Exception {
        Rule rule = RunningSearch.rule("index", "contract-not-there");
        assertThat(answer(minute(rule), minute(rule).page(10, null)).hits()).isEmpty();
    }

    @Test
    void failsOneBadQuestionAndNoneOfItsCompany() throws Exception {
        Rule good = RunningSearch.rule("name", "good", "index", INDEX);
        Rule bad = RunningSearch.rule(
                "name", "bad", "index", INDEX, "filter", List.of(Map.of("no_such_query", Map.of("x", 1))));
        Rule wrong = RunningSearch.rule(
                "name", "wrong", "index", INDEX, "filter", List.of(Map.of("range", Map.of("ms", Map.of("gt", "abc")))));
        List<CompletableFuture<Search.Answer>> asked = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            asked.add(running.search.ask(minute(good).request(minute(good).page(10 + i, null))));
        }
        CompletableFuture<Search.Answer> refused =
                running.search.ask(minute(bad).request(minute(bad).page(10, null)));
        CompletableFuture<Search.Answer> failed =
                running.search.ask(minute(wrong).request(minute(wrong).page(10, null)));
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
    void knowsWhatItTalksTo() throws Exception {
        Rule eql = RunningSearch.rule("index", INDEX, "filter", List.of(Map.of("eql", "any where true")));
        assertThatThrownBy(() -> answer(minute(eql), minute(eql).page(10, null)))
                .hasMessageContaining(product().startsWith("OpenSearch") ? product() + " has no EQL" : "_eql/search");
    }
}
