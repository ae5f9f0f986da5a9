package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeveritiesTest {

    private static final String ERRORS = """
            name: Errors
            type: frequency
            index: logs
            alert: debug
            timeframe: {minutes: 5}
            realert: {minutes: 30}
            alert_text: "{0}"
            alert_text_args: [severity]
            """;
    private static final String LEVELS = """
            severities:
              warning: {num_events: 10}
              critical: {num_events: 50, realert: {minutes: 10}, slack_msg_color: danger}
            """;

    private static List<Options> expanded(String yaml) throws RuleException {
        return Severities.expand(RuleFile.read(yaml, name -> null), "Errors");
    }

    private static Rule rule(Options options) throws RuleException {
        return Rule.of(
                options,
                Path.of("errors.yaml"),
                Map.of("run_every", Map.of("minutes", 1), "buffer_time", Map.of("minutes", 15)),
                ZoneOffset.UTC);
    }

    @Test
    void aRuleWithoutSeveritiesIsOneRule() throws Exception {
        Options options = RuleFile.read(ERRORS + "num_events: 3", name -> null);
        assertThat(Severities.expand(options, "Errors")).containsExactly(options);
    }

    @Test
    void eachSeverityIsARuleWithAllOtherOptions() throws Exception {
        List<Options> rules = expanded(ERRORS + LEVELS);
        assertThat(rules).hasSize(2);
        Rule warning = rule(rules.get(0));
        Rule critical = rule(rules.get(1));
        assertThat(List.of(warning.name(), critical.name())).containsExactly("Errors [warning]", "Errors [critical]");
        assertThat(List.of(warning.option("num_events"), critical.option("num_events")))
                .containsExactly(10, 50);
        assertThat(warning.realert()).isEqualTo(Duration.ofMinutes(30));
        assertThat(critical.realert()).isEqualTo(Duration.ofMinutes(10));
        assertThat(critical.option("slack_msg_color")).isEqualTo("danger");
        assertThat(warning.option("slack_msg_color")).isNull();
        assertThat(critical.option("severity")).isEqualTo("critical");
        assertThat(critical.option("severity_of")).isEqualTo("Errors");
        assertThat(List.of(warning.realertKey(), critical.realertKey()))
                .containsExactly("Errors [warning]", "Errors [critical]");
    }

    @Test
    void aLowerSeverityHasTheHigherOnes() throws Exception {
        List<Options> rules =
                expanded(ERRORS + "severities: {low: {num_events: 1}, mid: {num_events: 2}, high: {num_events: 3}}");
        assertThat(rule(rules.get(0)).higherSeverities())
                .extracting(Rule::name)
                .containsExactly("Errors [mid]", "Errors [high]");
        assertThat(rule(rules.get(0)).higherSeverities())
                .extracting(rule -> rule.option("num_events"))
                .containsExactly(2, 3);
        assertThat(rule(rules.get(0)).higherSeverities())
                .allMatch(higher -> higher.higherSeverities().isEmpty());
        assertThat(rule(rules.get(2)).higherSeverities()).isEmpty();
    }

    @Test
    void aRealertKeyIsSeparateForEachSeverity() throws Exception {
        assertThat(expanded(ERRORS + "realert_key: all\n" + LEVELS))
                .extracting(o -> o.value("realert_key"))
                .containsExactly("all [warning]", "all [critical]");
    }

    @Test
    void aWrongOptionOfASeverityIsRefusedWithTheLineOfSeverities() throws Exception {
        List<Options> rules = expanded(ERRORS + "severities: {warning: {num_events: 10}, critical: {timeframe: 5}}");
        assertThatThrownBy(() -> rule(rules.get(1))).isInstanceOfSatisfying(RuleException.class, e -> {
            assertThat(e.field()).isEqualTo("timeframe");
            assertThat(e.line()).isEqualTo(9);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "severities: critical | must be a map of up to 10 severities",
                "severities: {} | must be a map of up to 10 severities",
                "severities: {a b: {num_events: 1}} | a severity's name is 1 to 30 letters",
                "severities: {critical: 50} | each severity is a map of options, such as {num_events: 50}",
                "severities: {critical: {filter: []}} | 'filter' must be the same for all severities",
                "severities: {critical: {severities: {}}} | 'severities' must be the same for all severities",
            })
    void aMalformedSeverityIsRefused(String yaml, String reason) {
        assertThatThrownBy(() -> expanded(ERRORS + yaml)).isInstanceOfSatisfying(RuleException.class, e -> {
            assertThat(e.line()).isEqualTo(9);
            assertThat(e).hasMessageStartingWith("severities: ").hasMessageContaining(reason);
        });
    }
}
