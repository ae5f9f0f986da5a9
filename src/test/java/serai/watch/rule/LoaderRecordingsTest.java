package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

class LoaderRecordingsTest {

    /** ElastAlert's documentation says "the file name", its code takes the whole path; a path would make a poor name. */
    private static final Map<String, String> NAMES = Map.of("name_missing", "rule");

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("loader");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void readsWhatElastAlertRead(JsonNode recorded) throws Exception {
        if (recorded.get("rule").has("import")) {
            assertThatThrownBy(() -> Recordings.rule(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        if (recorded.has("expected_load_error")) {
            assertThatThrownBy(() -> Recordings.rule(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        Rule rule = Recordings.rule(recorded);
        recorded.get("expected").properties().forEach(e -> assertThat(value(rule, e.getKey())).as(e.getKey())
                .isEqualTo(expected(recorded, e.getKey(), e.getValue())));
    }

    private static Object value(Rule rule, String option) {
        Object value = switch (option) {
            case "type" -> Character.toUpperCase(rule.type().charAt(0)) + rule.type().substring(1) + "Rule";
            case "name" -> rule.name();
            case "max_query_size" -> rule.maxQuerySize();
            case "compound_aggregation_key" -> rule.option("aggregation_key").toString().split(",");
            default -> rule.option(option);
        };
        return value instanceof Duration time ? Recordings.json(Map.of("$seconds", time.toMillis() / 1000.0))
                : option.equals("include") ? Set.copyOf((java.util.List<?>) value) : Recordings.json(value);
    }

    private static Object expected(JsonNode recorded, String option, JsonNode value) {
        if (option.equals("include")) {
            Set<String> fields = new TreeSet<>();
            value.forEach(f -> fields.add(f.asText()));
            return fields;
        }
        String name = recorded.get("name").asText();
        return option.equals("name") && NAMES.containsKey(name) ? Recordings.json(NAMES.get(name)) : value;
    }
}
