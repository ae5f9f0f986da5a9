package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.alert.AlertRule;

class LoaderRecordingsTest {

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("loader");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void readsWhatElastAlertRead(JsonNode recorded) throws Exception {
        if (recorded.path("expected_load_error").asText().startsWith("Error initiating alert")) {
            assertThat(isRefusedOrSaysWhy(recorded)).isTrue();
            return;
        }
        if (recorded.has("expected_load_error") || recorded.has("expected_load_crash")) {
            assertThatThrownBy(() -> ready(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        Rule rule = ready(recorded).rule();
        recorded.get("expected")
                .properties()
                .forEach(e -> assertThat(value(rule, e.getKey()))
                        .as(e.getKey())
                        .isEqualTo(expected(e.getKey(), e.getValue())));
    }

    /**
     * All that is checked when a rule is loaded: what all rules have, what its type asks for, its text and those who
     * are told.
     */
    private static AlertRule ready(JsonNode recorded) throws RuleException {
        return AlertRule.of(Recordings.rule(recorded));
    }

    /**
     * Better than ElastAlert: an alerter that cannot be had, or lacks an option, does not keep the rule and its other
     * alerters from it.
     */
    private static boolean isRefusedOrSaysWhy(JsonNode recorded) {
        try {
            return !ready(recorded).notices().isEmpty();
        } catch (RuleException e) {
            return true;
        }
    }

    private static Object value(Rule rule, String option) {
        Object value = switch (option) {
            case "type" -> classOf(rule.type());
            case "name" -> rule.name();
            default -> rule.option(option);
        };
        return value instanceof Duration time
                ? Recordings.json(Map.of("$seconds", time.toMillis() / 1000.0))
                : option.equals("include") ? Set.copyOf((java.util.List<?>) value) : Recordings.json(value);
    }

    /** The name of upstream's class. */
    private static String classOf(String type) {
        return switch (type) {
            case "new_term" -> "NewTermsRule";
            case "spike_aggregation" -> "SpikeMetricAggregationRule";
            default ->
                Stream.of(type.split("_"))
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining("", "", "Rule"));
        };
    }

    private static Object expected(String option, JsonNode value) {
        if (option.equals("include")) {
            Set<String> fields = new TreeSet<>();
            value.forEach(f -> fields.add(f.asText()));
            return fields;
        }
        // ElastAlert's documentation says "the file name", its code takes the whole path; the path within the rules
        // folder is a name
        boolean path = option.equals("name") && value.asText().startsWith("$TMP/");
        return path ? Recordings.json(value.asText().substring("$TMP/".length())) : value;
    }
}
