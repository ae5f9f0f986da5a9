package serai.watch.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;

class QueryRecordingsTest {

    static Stream<Named<JsonNode>> queries() {
        return Recordings.cases("query");
    }

    static Stream<Named<JsonNode>> indices() {
        return Recordings.cases("strftime_index");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("queries")
    void aQueryIsTheOneThatElastAlertSent(JsonNode recorded) throws Exception {
        Rule rule = Recordings.rule(recorded);
        Window window = new Window(instant(recorded.get("start")), instant(recorded.get("end")));
        ElasticsearchQuery sent = ElasticsearchQuery.of(query(rule, window));
        JsonNode rewritten = recorded.path("expected_rewritten");
        if (rewritten.isMissingNode()) {
            assertThat(sent.language()).isEqualTo(QueryLanguage.QUERY_DSL);
            assertThat(comparable(sent.body())).isEqualTo(comparable(recorded.get("expected_body")));
        } else {
            assertThat(sent.language().path(sent.indices()))
                    .startsWith(rewritten.get("path").asText().replaceFirst("\\?.*", ""));
            assertThat(comparable(sent.body())).isEqualTo(comparable(rewritten.get("body")));
        }
        if (recorded.has("expected_source_includes")) {
            assertThat(texts(Recordings.json(rule.option("include"))))
                    .containsExactlyInAnyOrderElementsOf(texts(recorded.get("expected_source_includes")));
        }
    }

    private static Query query(Rule rule, Window window) {
        return switch (rule.mode()) {
            case DOCUMENTS -> Query.Documents.first(rule, window, rule.maxQuerySize());
            case COUNT -> new Query.Counts(rule, List.of(window), null, null, Map.of());
            case TERMS ->
                new Query.Counts(rule, List.of(window), null, Query.Terms.of(rule, rule.queryKey()), Map.of());
            case AGGREGATION -> new Query.Metrics(rule, window, Instant.EPOCH);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("indices")
    void theIndicesAreThoseThatElastAlertSearched(JsonNode recorded) {
        String pattern = recorded.get("index").asText();
        JsonNode expected = recorded.path("expected");
        if (!recorded.has("start")) {
            assertThat(IndexNames.anyTime(pattern))
                    .isEqualTo(expected.isArray() ? expected.get(0).asText() : expected.asText());
            return;
        }
        List<String> names = IndexNames.of(
                pattern,
                instant(recorded.get("start")),
                instant(recorded.get("end")),
                recorded.path("search_extra_index").asBoolean());
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(
                        expected.isArray()
                                ? texts(expected)
                                : List.of(expected.asText().split(",")));
    }

    /**
     * A body without what is sent beside ElastAlert's: a page size, a second sort key, fewer fields and exact bounds.
     * Orders that came from a Python set mean nothing, and the servers know no weeks: ElastAlert's query with one
     * fails.
     */
    private static JsonNode comparable(JsonNode body) throws JsonProcessingException {
        String text = body.toString().replaceAll("(T\\d\\d:\\d\\d:\\d\\d)\\.000Z", "$1Z");
        ObjectNode copy = (ObjectNode) Recordings.JSON.readTree(text);
        copy.remove(List.of("track_total_hits", "_source", "result_position", "timestamp_field"));
        if (copy.path("query").isTextual()) {
            copy.put("query", copy.get("query").asText().replaceFirst("\n\\| LIMIT \\d+$", ""));
        } else {
            copy.remove("size");
        }
        if (copy.has("sort")) {
            ((ArrayNode) copy.get("sort")).removeIf(key -> key.has("_seq_no"));
        }
        if (copy.has("stored_fields")) {
            List<String> fields =
                    texts(copy.get("stored_fields")).stream().sorted().toList();
            copy.set("stored_fields", Recordings.json(fields));
        }
        for (JsonNode parent : copy.findParents("fixed_interval")) {
            String interval = parent.get("fixed_interval").asText();
            if (interval.endsWith("w")) {
                int weeks = Integer.parseInt(interval.substring(0, interval.length() - 1));
                ((ObjectNode) parent).put("fixed_interval", 7 * weeks + "d");
            }
        }
        for (JsonNode parent : copy.findParents("query_string")) {
            String separator = parent.at("/query_string/query").asText().startsWith("NOT ") ? " AND " : " OR ";
            List<String> clauses = Stream.of(
                            parent.at("/query_string/query").asText().split(separator))
                    .sorted()
                    .toList();
            ((ObjectNode) parent.get("query_string")).put("query", String.join(separator, clauses));
        }
        return copy;
    }

    private static Instant instant(JsonNode text) {
        return OffsetDateTime.parse(text.asText()).toInstant();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
