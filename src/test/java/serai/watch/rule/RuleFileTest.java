package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.alert.AlertRule;
import serai.watch.python.Python;

class RuleFileTest {

    private static final String BASE =
            "name: r\ntype: frequency\nindex: i\nalert: slack\nslack_webhook_url: https://127.0.0.1/s\n"
                    + "num_events: 5\ntimeframe: {minutes: 1}\n";

    private static Options options(String text) throws RuleException {
        return RuleFile.read(text, Map.of("HOST", "web1", "EMPTY", "")::get);
    }

    private static Rule rule(String text) throws RuleException {
        return Rule.of(options(text), Path.of("routes/alerts/some.yaml"), Map.of(), ZoneOffset.UTC);
    }

    static Stream<Path> examples() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("routes/alerts"))) {
            return files.toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theRulesOfTheProjectCanBeRead(Path file) throws Exception {
        Rule rule = Rule.of(
                RuleFile.read(Files.readString(file), name -> null),
                file,
                Map.of("slack_webhook_url", "https://127.0.0.1/s"),
                ZoneOffset.UTC);
        assertThat(AlertRule.of(rule).notices()).isEmpty();
        assertThat(AlertRule.of(rule).alerters()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yes|True",
                "off|False",
                "1_000|1000",
                "012|10",
                "12:30|750",
                "1e3|1e3",
                "1.5e+3|1500.0",
                "2024-03-01|2024-03-01",
                "~|None",
                "0x1F|31",
                "\"5\"|5"
            })
    void scalarsAreReadAsPyYamlReadsThem(String yaml, String printed) throws RuleException {
        assertThat(Python.str(options("a: " + yaml).value("a"))).isEqualTo(printed);
    }

    @Test
    void environmentVariablesAreReplacedAndUnknownOnesKept() throws RuleException {
        Options options = options("a: $HOST\nb: ${HOST}-x\nc: $NOPE ${NOPE}\nd: \"[$EMPTY]\"\n");
        assertThat(options.values())
                .containsEntry("a", "web1")
                .containsEntry("b", "web1-x")
                .containsEntry("c", "$NOPE ${NOPE}")
                .containsEntry("d", "[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeframe: {minute: 1}|7|timeframe",
                "num_events: many|6|num_events",
                "slack_msg_color: red|8|slack_msg_color",
                "alert_text: '{0} {1}'|8|alert_text",
                "max_query_size: many|8|max_query_size",
                "priority: high|8|priority",
                "owner: 5|8|owner",
                "realert:|8|realert",
                "query_key: {a: b}|8|query_key",
                "scan_entire_timeframe: maybe|8|scan_entire_timeframe",
                "summary_table_type: xml|8|summary_table_type",
                "run_every: {milliseconds: 1}|8|run_every",
                "filter: [a]|8|filter",
                "realert: 5|8|realert",
                "is_enabled: maybe|8|is_enabled"
            })
    void aMistakeIsRefusedWithItsLineAndField(String mistake, int line, String field) {
        String name = mistake.substring(0, mistake.indexOf(':'));
        String text = BASE.contains("\n" + name + ":")
                ? BASE.replaceFirst("\n" + name + ":[^\n]*", "\n" + mistake)
                : BASE + mistake + "\n";
        assertThatThrownBy(() -> AlertRule.of(rule(text + "alert_text_args: [a]\n")))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.line()).isEqualTo(line);
                    assertThat(e.field()).isEqualTo(field);
                });
    }

    @Test
    void aRefusalNeverContainsTheWebhook() {
        assertThatThrownBy(() -> AlertRule.of(rule(BASE.replace("https://127.0.0.1/s", "hooks.example/T0/B0/SECRET"))))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("slack_webhook_url")
                .hasMessageNotContaining("SECRET");
        assertThatThrownBy(() -> rule("slack_webhook_url: {https://x/SECRET\n"))
                .isInstanceOf(RuleException.class)
                .hasMessageNotContaining("SECRET");
    }

    @Test
    void aTagThatCreatesObjectsIsRefused() {
        assertThatThrownBy(() -> options("a: !!javax.script.ScriptEngineManager [x]"))
                .isInstanceOf(RuleException.class);
    }

    @Test
    void aliasesThatGrowExponentiallyAreRefused() {
        assertThatThrownBy(() -> options("a: 1\nb: &b {c: *b}\n"))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.line()).isEqualTo(2))
                .hasMessageContaining("an alias");
        StringBuilder doubling = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 25; i++) {
            doubling.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThatThrownBy(() -> options(doubling.toString()))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("an alias");
    }

    @Test
    void aTextThatIsNotAMapIsRefused() {
        assertThatThrownBy(() -> options("- a\n- b\n"))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("not a map");
        assertThatThrownBy(() -> options("")).isInstanceOf(RuleException.class).hasMessageContaining("not a map");
    }

    @Test
    void anUnknownAlerterIsReportedAndTheOthersWork() throws RuleException {
        Rule rule = rule(BASE.replace("alert: slack", "alert: [hipchat, slack]"));
        assertThat(AlertRule.of(rule).alerters()).hasSize(1);
        assertThat(AlertRule.of(rule).notices())
                .singleElement()
                .asString()
                .startsWith("4: ")
                .contains("hipchat");
    }

    @Test
    void aMissingWebhookIsReportedAndTheRuleWorks() throws RuleException {
        Rule rule = rule(BASE.replaceFirst("slack_webhook_url: [^\n]*\n", ""));
        assertThat(AlertRule.of(rule).alerters())
                .allSatisfy(alerter -> assertThat(alerter.destinations()).isEmpty());
        assertThat(AlertRule.of(rule).notices())
                .singleElement()
                .asString()
                .startsWith("4: ")
                .contains("watch.slack-webhook");
    }

    @Test
    void optionsThatTheFileHasNotHaveDefaults() throws RuleException {
        Rule rule = rule(BASE);
        assertThat(rule.realert()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule.bufferTime()).isEqualTo(Duration.ofMinutes(15));
        assertThat(rule.maxQuerySize()).isEqualTo(10_000);
        assertThat(rule.enabled()).isTrue();
    }
}
