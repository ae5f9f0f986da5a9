package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.Scope;

class QueryRecordingsTest {

    private static final Set<String> NOT_YET = Set.of("type", "filter", "top_count_keys");

    static Stream<Named<JsonNode>> queries() {
        return Recordings.cases("query");
    }

    static Stream<Named<JsonNode>> indices() {
        return Recordings.cases("strftime_index");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("queries")
    void asksWhatElastAlertAsked(JsonNode recorded) throws Exception {
        boolean otherType = !Scope.TYPES.contains(recorded.get("rule").get("type").asText());
        if (otherType || recorded.has("expected_rewritten") || recorded.get("rule").has("top_count_keys")) {
            assertThatThrownBy(() -> Recordings.rule(recorded))
                    .isInstanceOfSatisfying(RuleException.class, e -> assertThat(NOT_YET).contains(e.field()));
            return;
        }
        Rule rule = Recordings.rule(recorded);
        RuleQuery query = new RuleQuery(rule, instant(recorded.get("start")), instant(recorded.get("end")));
        JsonNode expected = recorded.get("expected_body");
        JsonNode body = Recordings.json(query.body());
        assertThat(body.get("query")).isEqualTo(expected.get("query"));
        assertThat(body.get("sort")).isEqualTo(expected.get("sort"));
        assertThat(body.get("aggs")).isEqualTo(expected.get("aggs"));
        assertThat(body.get("fields")).isEqualTo(expected.get("fields"));
        assertThat(texts(body.path("stored_fields"))).containsExactlyInAnyOrderElementsOf(texts(expected.path("stored_fields")));
        if (recorded.has("expected_source_includes")) {
            assertThat(texts(Recordings.json(rule.option("include"))))
                    .containsExactlyInAnyOrderElementsOf(texts(recorded.get("expected_source_includes")));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("indices")
    void searchesTheIndicesThatElastAlertSearched(JsonNode recorded) {
        String pattern = recorded.get("index").asText();
        List<String> names = recorded.has("start") ? RuleQuery.indices(pattern, instant(recorded.get("start")),
                instant(recorded.get("end")), recorded.get("search_extra_index").asBoolean()) : List.of(RuleQuery.anyTime(pattern));
        JsonNode expected = recorded.get("expected");
        assertThat(names).containsExactlyInAnyOrderElementsOf(expected.isArray() ? texts(expected) : List.of(expected.asText()));
    }

    private static Instant instant(JsonNode text) {
        return OffsetDateTime.parse(text.asText()).toInstant();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }
}
