package serai.watch.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.watch.rule.Recordings;
import serai.watch.rule.RuleException;

class AlertTextTest {

    private static final Map<String, Object> MATCH = Map.of("@timestamp", "2024-03-01T12:00:00Z", "user", "bob");

    @Test
    void theBodyCountsTheMatchesThatWereSilenced() throws RuleException {
        AlertText text = text("alert_text", "hello", "alert_text_type", "alert_text_only");

        assertThat(text.body(new Alert(List.of(MATCH), 0, false))).isEqualTo("hello\n\n");
        assertThat(text.body(new Alert(List.of(MATCH), 1, false)))
                .endsWith("\n1 more match was silenced since the last message.\n");
        assertThat(text.body(new Alert(List.of(MATCH), 12, false)))
                .endsWith("\n12 more matches were silenced since the last message.\n");
    }

    @Test
    void theTextOfAResolvedAlertNamesItsTimesAndLastMatch() throws RuleException {
        AlertText text = text(
                "alert_subject", "Too many {0}", "alert_subject_args", List.of("user"), "timezone", "Europe/Berlin");
        Alert over = new Alert("id", "key", List.of(MATCH), 3, true, Instant.parse("2024-03-01T10:00:00Z"));

        assertThat(text.title(over)).isEqualTo("RESOLVED: Too many bob");
        assertThat(text.body(over))
                .startsWith("r is over: first alert at 2024-03-01 11:00 CET, last match at 2024-03-01 13:00 CET.")
                .contains("3 more matches were silenced")
                .contains("The last match:")
                .contains("user: bob");
    }

    @Test
    void anAlertIsSentWhenItsTemplateCannotBeFilledIn() throws RuleException {
        AlertText text = text(
                "alert_text_type",
                "alert_text_jinja",
                "alert_text",
                "{{ geo.city }}",
                "alert_subject",
                "{{ geo.city }}");
        Alert alert = new Alert(List.of(MATCH), 0, false);

        assertThat(text.title(alert)).isEqualTo("r");
        assertThat(text.body(alert))
                .contains("The template of this message (alert_text) could not be filled in: 'geo' is undefined")
                .contains("user: bob");
    }

    @Test
    void aTemplateMayBeInAFile() throws Exception {
        Path file = Files.createTempFile(Path.of("target"), "alert", ".j2");
        Files.writeString(file, "{% for k, v in _data.items() if k == 'user' %}{{ k }} is {{ v }}{% endfor %}\n");

        AlertText text = text("alert_text_type", "alert_text_jinja", "jinja_template_path", file.toString());

        assertThat(text.body(new Alert(List.of(MATCH), 0, false))).isEqualTo("r\n\nuser is bob\n\n");
        Files.delete(file);
        assertThatThrownBy(() -> text("alert_text_type", "alert_text_jinja", "jinja_template_path", file.toString()))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.field()).isEqualTo("jinja_template_path"));
    }

    @Test
    void anAlertIsSentWhenItsTemplateDoesNotEnd() throws RuleException {
        AlertText text = text(
                "alert_text_type",
                "alert_text_jinja",
                "alert_text",
                "{% set a = [] %}{% set b = a.append(a) %}{{ a }}",
                "alert_subject",
                "{% set a = [] %}{% set b = a.append(a) %}{{ a }}");
        Alert alert = new Alert(List.of(MATCH), 0, false);

        assertThat(text.title(alert)).isEqualTo("r");
        assertThat(text.body(alert)).contains("could not be filled in").contains("user: bob");
    }

    @Test
    void theTextOfAGroupIsLimited() throws RuleException {
        AlertText text = text("alert_text", "t", "summary_table_fields", List.of("message"));
        Map<String, Object> match = Map.of("message", "x".repeat(50_000));
        String body = text.body(new Alert(java.util.Collections.nCopies(10_000, match), 0, false));

        assertThat(body).hasSizeLessThan(1_500_000).contains("more matches");
    }

    @Test
    void aTextThatIsNotATemplateIsRefusedWithTheRule() {
        assertThatThrownBy(() -> text(
                        "alert_text_type",
                        "alert_text_jinja",
                        "alert_text",
                        "{% if %}",
                        "jinja_filters",
                        List.of("my.F")))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.field()).isEqualTo("alert_text"))
                .hasMessageContaining("jinja_filters");
    }

    @Test
    void noTextShowsASecretOfTheRule() throws RuleException {
        Map<String, Object> inline = Map.of("slack", Map.of("slack_webhook_url", "http://127.0.0.1:9/s3cret"));
        Map<String, Object> options = new LinkedHashMap<>(Map.of(
                "alert",
                List.of(inline),
                "slack_webhook_url",
                "http://127.0.0.1:9/s3cret",
                "es_password",
                "s3cret",
                "opsgenie_key",
                "s3cret"));
        options.putAll(Map.of(
                "alert_text_type",
                "alert_text_jinja",
                "alert_text",
                "{{ slack_webhook_url }}{{ es_password }}{{ opsgenie_key }}{{ alert }}{{ _data }}"));
        assertThat(text(options).body(new Alert(List.of(MATCH), 0, false)))
                .contains("'name': 'r'")
                .doesNotContain("s3cret");

        options.remove("alert_text_type");
        options.putAll(Map.of(
                "alert_text", "{} {} {}", "alert_text_args", List.of("es_password", "slack_webhook_url", "alert")));
        assertThat(text(options).body(new Alert(List.of(MATCH), 0, false)))
                .startsWith("<MISSING VALUE>")
                .doesNotContain("s3cret");
    }

    @Test
    void theSummaryTableIsNarrowerAndInAFenceForChats() throws RuleException {
        AlertText text =
                text("alert_text", "t", "alert_text_type", "alert_text_only", "summary_table_fields", List.of("user"));

        String body = text.body(new Alert(List.of(MATCH, MATCH), 0, false), AlertText.Layout.FENCED);

        assertThat(body)
                .startsWith(
                        "```\nAggregation resulted in the following data for summary_table_fields ==> ['user', 'count']:\n\n+---")
                .contains("| bob  | 2     |\n+------+-------+\n\n```\nt\n\n");
    }

    @Test
    void valuesOfDocumentsAreEscapedInAnHtmlTable() throws RuleException {
        AlertText text = text(
                "alert_text",
                "t",
                "alert_text_type",
                "aggregation_summary_only",
                "summary_table_type",
                "html",
                "summary_table_fields",
                List.of("user"));

        assertThat(text.body(new Alert(List.of(Map.of("user", "<script>\"'&\nx\ty")), 0, false)))
                .contains(">&lt;script&gt;&quot;&#x27;&amp;<br>x       y</td>");
    }

    @Test
    void aNegativeNumberOfRowsIsRefused() {
        assertThatThrownBy(() -> text("summary_table_fields", List.of("user"), "summary_table_max_rows", -1))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.field()).isEqualTo("summary_table_max_rows"));
    }

    @Test
    void aPlaceholderWithoutAValueIsRefused() {
        assertThatThrownBy(() -> text("alert_text", "{0} {1}", "alert_text_args", List.of("user")))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("there is no value for '{1}'");
    }

    @Test
    void aMatchIsCodeForJira() throws RuleException {
        AlertText text = text("alert_text", "t", "alert_text_type", "exclude_fields");
        AlertText all = text("alert_text", "t");

        assertThat(text.body(new Alert(List.of(MATCH), 0, false), AlertText.Layout.JIRA))
                .isEqualTo("t\n\n");
        assertThat(all.body(new Alert(List.of(MATCH), 0, false), AlertText.Layout.JIRA))
                .endsWith("{code}{\n    \"@timestamp\": \"2024-03-01T12:00:00Z\",\n    \"user\": \"bob\"\n}{code}");
    }

    @Test
    void anUnknownTimeZoneIsRefused() {
        assertThatThrownBy(() -> text("timezone", "Europe/Nowhere"))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("timezone");
    }

    @Test
    void aTitleIsCutBetweenCharacters() throws RuleException {
        AlertText text = text("alert_subject", "😀😀😀", "alert_subject_max_len", 2);

        assertThat(text.title(new Alert(List.of(MATCH), 0, false))).isEqualTo("😀😀");
    }

    private static AlertText text(Object... options) throws RuleException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            values.put((String) options[i], options[i + 1]);
        }
        return text(values);
    }

    private static AlertText text(Map<String, Object> options) throws RuleException {
        Map<String, Object> values =
                new LinkedHashMap<>(Map.of("name", "r", "type", "any", "index", "i", "alert", "debug"));
        values.putAll(options);
        return new AlertText(Recordings.rule(Recordings.json(Map.of("rule", values))));
    }
}
