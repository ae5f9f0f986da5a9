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
    void aRuleHasTheOptionsThatElastAlertReads(JsonNode recorded) throws Exception {
        if (recorded.path("expected_load_error").asText().startsWith("Error initiating alert")) {
            assertThat(isRefusedOrHasANotice(recorded)).isTrue();
            return;
        }
        if (recorded.has("expected_load_error") || recorded.has("expected_load_crash")) {
            assertThatThrownBy(() -> checked(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        Rule rule = checked(recorded).rule();
        recorded.get("expected")
                .properties()
                .forEach(e -> assertThat(value(rule, e.getKey()))
                        .as(e.getKey())
                        .isEqualTo(expected(e.getKey(), e.getValue())));
    }

    /** The rule after all checks: its own options and those of its type, its text and its alerters. */
    private static AlertRule checked(JsonNode recorded) throws RuleException {
        return AlertRule.of(Recordings.rule(recorded));
    }

    /** Unlike in ElastAlert, a rule runs with its other alerters when one is unknown or lacks an option. */
    private static boolean isRefusedOrHasANotice(JsonNode recorded) {
        try {
            return !checked(recorded).notices().isEmpty();
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

    /** The name of ElastAlert's class. */
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
        // ElastAlert's documentation names the file name as default, its code uses the whole path; here it is the path
        // in the folder of rules
        boolean path = option.equals("name") && value.asText().startsWith("$TMP/");
        return path ? Recordings.json(value.asText().substring("$TMP/".length())) : value;
    }
}
