package serai.watch.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.Query;
import serai.watch.query.QueryLanguage;
import serai.watch.query.Search;
import serai.watch.rule.Recordings;
import serai.watch.rule.RuleException;

class TopCountsTest {

    private static final Instant NOW = Instant.parse("2024-03-01T13:00:00Z");

    @Test
    void eachKeyIsCountedAroundTheMatchForItsQueryKey() throws RuleException {
        AlertRule rule = rule(Map.of(
                "query_key",
                List.of("host", "port"),
                "top_count_keys",
                List.of("user", "url.keyword"),
                "top_count_number",
                3,
                "filter",
                List.of(Map.of("term", Map.of("a", 1)))));
        Map<String, Object> match = match(Map.of("host", "a, b", "port", 80, "host,port", "a, b, 80"));

        List<ObjectNode> bodies = bodies(rule, match);

        assertThat(bodies)
                .extracting(body -> body.at("/aggs/counts/terms").toString())
                .containsExactly(
                        "{\"field\":\"user.keyword\",\"size\":3,\"min_doc_count\":1}",
                        "{\"field\":\"url.keyword\",\"size\":3,\"min_doc_count\":1}");
        assertThat(bodies.get(0).at("/query/bool/filter/bool/must").toString())
                .isEqualTo("[{\"range\":{\"@timestamp\":"
                        + "{\"gt\":\"2024-03-01T11:50:00.000Z\",\"lte\":\"2024-03-01T12:10:00.000Z\"}}},{\"term\":{\"a\":1}},"
                        + "{\"term\":{\"host.keyword\":\"a, b\"}},{\"term\":{\"port\":80}}]");
    }

    @Test
    void keysHaveNoSuffixWithoutRawCountKeys() throws RuleException {
        AlertRule rule = rule(Map.of("query_key", "host", "top_count_keys", List.of("user"), "raw_count_keys", false));

        ObjectNode body = bodies(rule, match(Map.of("host", "a,b"))).get(0);

        assertThat(body.at("/aggs/counts/terms/field").asText()).isEqualTo("user");
        assertThat(body.at("/query/bool/filter/bool/must/1").toString()).isEqualTo("{\"term\":{\"host\":\"a,b\"}}");
    }

    @Test
    void aFilterInEqlIsLeftOutOfTheCounts() throws RuleException {
        AlertRule rule =
                rule(Map.of("top_count_keys", List.of("user"), "filter", List.of(Map.of("eql", "any where true"))));

        ElasticsearchQuery sent = ElasticsearchQuery.of(
                new TopCounts().queries(rule.rule(), match(Map.of()), NOW).get(0));

        assertThat(sent.language()).isEqualTo(QueryLanguage.QUERY_DSL);
        assertThat(sent.body().at("/query/bool/filter/bool/must").size()).isEqualTo(1);
    }

    @Test
    void theLargestCountsComeFirstAndAFailedKeyIsLeftOut() throws Exception {
        AlertRule rule = rule(Map.of("top_count_keys", List.of("user", "lost"), "top_count_number", 2));
        Map<String, Object> match = match(Map.of());
        Map<Object, Long> terms = new LinkedHashMap<>();
        terms.put("a", 1L);
        terms.put("b", 7L);
        terms.put(5, 7L);
        Search search = query -> ((Query.Counts) query).terms().field().contains("lost")
                ? CompletableFuture.failedFuture(new Search.FailedException("no", null))
                : CompletableFuture.completedFuture(Search.Answer.counts(List.of(new Search.Count(15, terms)), 0));

        assertThatThrownBy(
                        () -> new TopCounts().enrich(rule, match, NOW, search).get())
                .isInstanceOf(ExecutionException.class);

        assertThat(match.get("top_events_user.keyword")).hasToString("{b=7, 5=7}");
        assertThat(match).doesNotContainKey("top_events_lost.keyword");
    }

    private static List<ObjectNode> bodies(AlertRule rule, Map<String, Object> match) {
        return new TopCounts()
                .queries(rule.rule(), match, NOW).stream()
                        .map(query -> ElasticsearchQuery.of(query).body())
                        .toList();
    }

    private static Map<String, Object> match(Map<String, Object> fields) {
        Map<String, Object> match = new LinkedHashMap<>(Map.of("@timestamp", "2024-03-01T12:00:00Z"));
        match.putAll(fields);
        return match;
    }

    private static AlertRule rule(Map<String, Object> options) throws RuleException {
        Map<String, Object> values =
                new LinkedHashMap<>(Map.of("name", "r", "type", "any", "index", "i", "alert", "debug"));
        values.putAll(options);
        return Recordings.alertRule(Recordings.json(Map.of("rule", values)));
    }
}
