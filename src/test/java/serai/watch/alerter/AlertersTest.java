package serai.watch.alerter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.watch.alert.AlertRule;
import serai.watch.alert.RuleParams;
import serai.watch.message.Alert;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

class AlertersTest {

    private static final String HEAD =
            "name: r\ntype: any\nindex: i\nalert_text: hello\nalert_text_type: alert_text_only\n";

    private static AlertRule rule(String options) throws RuleException {
        return AlertRule.of(Rule.of(
                RuleFile.read(HEAD + options, name -> null),
                Path.of("routes/alerts/r.yaml"),
                Map.of(),
                ZoneOffset.UTC));
    }

    private static List<String> names(AlertRule rule) {
        return rule.alerters().stream().map(Alerter::name).toList();
    }

    private static List<Alerter.Message> messages(AlertRule rule, Object... fields) {
        Map<String, Object> match = new LinkedHashMap<>(Map.of("@timestamp", "2024-03-01T12:00:00Z"));
        for (int i = 0; i < fields.length; i += 2) {
            match.put((String) fields[i], fields[i + 1]);
        }
        Alert alert = new Alert("id", "key", List.of(match), 0, false, null);
        return rule.alerters().stream()
                .flatMap(alerter -> alerter.messages(alert).stream())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "ms_teams,no longer exists,ms_power_automate",
        "hipchat,no longer exists,slack",
        "twilio,not supported,post2",
        "my_module.MyAlerter,Python class,slack",
        "slak,is not known,slack"
    })
    void anAlerterThatIsNotSupportedIsANoticeAndTheOthersAreNotified(String name, String reason, String fix)
            throws RuleException {
        AlertRule rule = rule("alert: [" + name + ", debug]\n");
        assertThat(names(rule)).containsExactly("debug");
        assertThat(rule.notices())
                .singleElement()
                .asString()
                .startsWith("6: alert: '" + name + "'")
                .contains(reason, fix);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            slack     | slack_webhook_url: <your webhook here>          | slack_webhook_url
            slack     | slack_webhook_url: ""                            | slack_webhook_url
            discord   | discord_webhook_url: ["${UNSET_WEBHOOK}"]        | discord_webhook_url
            slack     | slack_webhook_url: "https://a.example/b, https:" | slack_webhook_url
            pagerduty | pagerduty_client_name: x                         | pagerduty_service_key
            email     | smtp_host: mail.example.org                      | email
            email     | email: ""                                        | email
            hivealerter | hive_alert_config: {title: x}                  | hive_connection
            post      | http_post_static_payload: {a: b}                 | http_post_url
            """)
    void anAlerterThatLacksAnOptionIsANoticeWithItsNameAndTheOthersAreNotified(
            String name, String options, String missing) throws RuleException {
        AlertRule rule = rule("alert: [" + name + ", debug]\n" + options + "\n");
        assertThat(names(rule)).containsExactly("debug");
        assertThat(rule.notices())
                .singleElement()
                .asString()
                .matches("\\d+: " + missing + ": .*[.] The rule runs without '" + name + "'[.]");
        assertThatThrownBy(() -> rule("alert: " + name + "\n" + options + "\n"))
                .as("without another alerter")
                .isInstanceOf(RuleException.class)
                .hasMessageStartingWith(missing + ": ");
    }

    @Test
    void longTitlesFieldsAndTextsForSlackAreCutWithANoteAndBlocksOfCodeAreClosed() throws RuleException {
        AlertRule rule = rule("""
                alert: slack
                slack_webhook_url: http://127.0.0.1/s
                slack_alert_fields: [{title: Value, value: long}]
                alert_subject: "{0}"
                alert_subject_args: [long]
                """ + "alert_text: \"```\\n{0}\\n```\"\nalert_text_args: [long]\n");
        JsonNode attachment = messages(rule, "long", "😀<".repeat(20_000))
                .get(0)
                .payload()
                .path("attachments")
                .path(0);
        assertThat(attachment.path("title").asText())
                .hasSizeLessThanOrEqualTo(3_000)
                .contains("more characters");
        assertThat(attachment.at("/fields/0/value").asText())
                .hasSizeLessThanOrEqualTo(2_000)
                .contains("more characters");
        assertThat(attachment.path("text").asText())
                .hasSizeLessThanOrEqualTo(39_000)
                .containsPattern("\n```\n… and \\d+ more characters$")
                .doesNotContainPattern("\\p{Cs}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"slack", "mattermost", "discord", "telegram"})
    void anEmptyProxyMeansNone(String name) throws RuleException {
        AlertRule rule = rule("alert: " + name + "\n" + name + "_proxy: \"\"\nslack_webhook_url: http://127.0.0.1/s\n"
                + "mattermost_webhook_url: http://127.0.0.1/m\ndiscord_webhook_url: http://127.0.0.1/d\n"
                + "telegram_bot_token: t\ntelegram_room_id: \"1\"\n");
        assertThat(names(rule)).containsExactly(name);
        assertThat(((HttpDestination) messages(rule).get(0).destination())
                        .connection()
                        .proxy())
                .isNull();
    }

    @Test
    void anOptionOfAnAlerterThatIsWrongRefusesTheRuleThoughThereIsAnother() {
        assertThatThrownBy(() ->
                        rule("alert: [slack, debug]\nslack_webhook_url: http://a.example/b\nslack_msg_color: pink\n"))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("slack_msg_color");
    }

    @Test
    void aRuleThatNotifiesNobodyRunsWithANotice() throws RuleException {
        AlertRule rule = rule("alert: hipchat\n");
        assertThat(rule.alerters()).isEmpty();
        assertThat(rule.notices()).hasSize(2).last().asString().contains("nobody is notified");
    }

    @Test
    void alertTakesATextAListOrAMapOfOptions() throws RuleException {
        assertThat(names(rule("alert: debug\n"))).containsExactly("debug");
        AlertRule rule = rule("alert: [debug, {gitter: {gitter_webhook_url: \"http://127.0.0.1/g\"}}]\n");
        assertThat(names(rule)).containsExactly("debug", "gitter");
    }

    @Test
    void anEntryMayHaveTextsOfItsOwn() throws RuleException {
        AlertRule rule =
                rule("alert: [{gitter: {alert_text: other}}, gitter]\ngitter_webhook_url: http://127.0.0.1/g\n");
        assertThat(messages(rule).stream().map(m -> m.payload().path("message").asText()))
                .containsExactly("other\n\n", "hello\n\n");
    }

    @Test
    void optionsBesideTheirAlerterAreRefused() {
        assertThatThrownBy(() -> rule("alert:\n- slack:\n  slack_channel_override: x\n"))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("slack_channel_override")
                .hasMessageContaining("indent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alert: email\n",
                "alert: post\n",
                "alert: post2\n",
                "alert: pagerduty\npagerduty_service_key: k\n",
                "alert: opsgenie\n",
                "alert: jira\njira_server: http://127.0.0.1\n",
                "alert: telegram\ntelegram_bot_token: t\n",
                "alert: command\n",
                "alert: ms_power_automate\n",
                "alert: email\nemail: a@b\nsmtp_auth_file: nowhere.yaml\n",
                "alert: email\nemail: a@b\nsmtp_port: 70000\n",
                "alert: post\nhttp_post_url: ftp://x\n",
                "alert: command\ncommand: \"date +%F\"\n",
                "alert: pagerduty\npagerduty_service_key: k\npagerduty_client_name: c\npagerduty_event_type: shout\n",
                "alert: slack\nslack_webhook_url: https://h/x\nslack_timeout: 0\n",
                "alert: slack\nslack_webhook_url: https://h/x\nslack_footer: 5\n",
                "alert: post2\nhttp_post2_url: http://h/\nhttp_post2_payload: {a: \"{{ x\"}\n"
            })
    void aMissingOrWrongOptionIsRefused(String options) {
        assertThatThrownBy(() -> rule(options))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.field()).isNotNull());
    }

    @Test
    void loggedTextsHoldNoSecret() throws RuleException {
        AlertRule rule = rule("alert: [slack, pagerduty, telegram]\nslack_webhook_url: https://hooks.example/S3CRET\n"
                + "slack_proxy: http://u:S3CRET@p:1\npagerduty_service_key: S3CRET\npagerduty_client_name: c\ntelegram_bot_token: S3CRET\n"
                + "telegram_room_id: r\n");
        assertThat(messages(rule))
                .hasSize(3)
                .allSatisfy(message -> assertThat(message + " " + message.destination() + " "
                                + ((HttpDestination) message.destination()).connection() + message.payload()
                                + message.extra() + message.target())
                        .doesNotContain("S3CRET"));
        assertThatThrownBy(() -> rule("alert: slack\nslack_webhook_url: \"hooks S3CRET\"\n"))
                .hasMessageNotContaining("S3CRET");
    }

    @Test
    void aMissingFieldIsNeverFilledWithASecretOfTheRule() throws RuleException {
        AlertRule rule = rule(
                "alert: [pagerduty, opsgenie, hivealerter]\npagerduty_service_key: S3CRET\npagerduty_client_name: c\n"
                        + "pagerduty_incident_key: \"{}{}{}\"\npagerduty_incident_key_args: [password, http_post_url, owner]\npassword: S3CRET\n"
                        + "http_post_url: http://127.0.0.1/S3CRET\nowner: me\nopsgenie_key: S3CRET\nopsgenie_subject: \"{}\"\n"
                        + "opsgenie_subject_args: [es_api_key]\nes_api_key: S3CRET\nhive_connection: {hive_apikey: S3CRET}\n"
                        + "hive_alert_config: {title: \"{}\", title_args: [password], tags: [slack_webhook_url]}\n"
                        + "slack_webhook_url: http://127.0.0.1/S3CRET\n");

        assertThat(messages(rule))
                .hasSize(3)
                .allSatisfy(message -> assertThat(message.payload().toString() + message.extra())
                        .doesNotContain("S3CRET"));
        assertThat(messages(rule).get(0).payload().path("incident_key").asText())
                .isEqualTo("<MISSING VALUE><MISSING VALUE>me");
    }

    @Test
    void aMatchGetsNoSecretOfTheRule() throws RuleException {
        AlertRule rule = rule(
                "alert: debug\ninclude_rule_params_in_matches: [es_password, owner, slack_proxy]\nes_password: S3CRET\n"
                        + "owner: me\nslack_proxy: http://u:S3CRET@p:1\n");
        Map<String, Object> match = new LinkedHashMap<>();
        new RuleParams().enrich(rule, match, null, null);

        assertThat(match)
                .containsEntry("rule_param_owner", "me")
                .containsEntry("rule_param_es_password", null)
                .containsEntry("rule_param_slack_proxy", null)
                .hasSize(3);
    }

    @Test
    void templatesOfAPostAreFilledIn() throws RuleException {
        AlertRule rule = rule(
                "alert: post2\nhttp_post2_url: http://127.0.0.1/p\nhttp_post2_payload: {text: \"{{ user }} said\", "
                        + "inner: {n: \"{{ _data.n }}\", key: fixed}, token: S3CRET}\nhttp_post2_headers: {X-User: \"{{ user }}\", X-Key: S3CRET}\n"
                        + "http_post2_raw_fields: {raw: n}\n");
        Alerter.Message message = messages(rule, "user", "a \"b\"\n", "n", 5).get(0);
        assertThat(message.payload().toString())
                .isEqualTo("{\"text\":\"a \\\"b\\\"\\n said\",\"inner\":{\"n\":\"5\"},\"raw\":5}");
        assertThat(message.extra().toString()).isEqualTo("{\"headers\":{\"X-User\":\"a \\\"b\\\"\\n\"}}");
        HttpDestination address = (HttpDestination) message.destination();
        assertThat(address.fixed().toString()).isEqualTo("{\"inner\":{\"key\":\"fixed\"},\"token\":\"S3CRET\"}");
        assertThat(address.headers()).containsEntry("X-Key", "S3CRET");
    }

    @Test
    void anIncidentHasOneKeyAtItsBeginningAndEndEvenWhenThatIsLong() throws RuleException {
        AlertRule rule = rule(
                "alert: [opsgenie, pagerduty]\nopsgenie_key: k\nopsgenie_alias: \"{user}\"\npagerduty_service_key: k\n"
                        + "pagerduty_client_name: c\npagerduty_incident_key: \"{0}\"\npagerduty_incident_key_args: [user]\n");
        Map<String, Object> match = Map.of("@timestamp", "2024-03-01T12:00:00Z", "user", "u".repeat(600));
        Alert begins = new Alert("id", "key", List.of(match), 0, false, null);
        Alert ends = new Alert("id/resolved", "key", List.of(match), 0, true, null);

        String alias = rule.alerters()
                .get(0)
                .messages(begins)
                .get(0)
                .payload()
                .path("alias")
                .asText();
        assertThat(alias).hasSizeBetween(1, 512);
        assertThat(rule.alerters()
                        .get(0)
                        .messages(ends)
                        .get(0)
                        .extra()
                        .path("url")
                        .asText())
                .endsWith("/" + alias + "/close?identifierType=alias");
        String key = rule.alerters()
                .get(1)
                .messages(begins)
                .get(0)
                .payload()
                .path("incident_key")
                .asText();
        assertThat(key)
                .hasSizeBetween(1, 255)
                .isEqualTo(rule.alerters()
                        .get(1)
                        .messages(ends)
                        .get(0)
                        .payload()
                        .path("incident_key")
                        .asText());
    }

    @Test
    void cardsFitTheirReceiversInAnyLanguage() throws RuleException {
        AlertRule rule =
                rule("alert: [ms_power_automate, googlechat]\nms_power_automate_webhook_url: http://127.0.0.1/w\n"
                        + "ms_power_automate_alert_facts: [{name: n, value: user}]\ngooglechat_webhook_url: http://127.0.0.1/g\n"
                        + "alert_subject: \"{0}\"\nalert_subject_args: [user]\nsummary_table_fields: [user]\n");
        for (String piece : new String[] {"x", "文", "\""}) {
            assertThat(messages(rule, "user", piece.repeat(40_000)))
                    .allSatisfy(
                            message -> assertThat(message.payload().toString().getBytes(StandardCharsets.UTF_8))
                                    .hasSizeLessThan(28_000));
        }
    }

    @Test
    void alertmanagerGetsLabelsAndAnnotations() throws RuleException {
        AlertRule rule =
                rule("alert: alertmanager\nalertmanager_hosts: [http://127.0.0.1:9093]\nalertmanager_api_version: v2\n"
                        + "alertmanager_labels: {team: \"{{ team }}\"}\nalertmanager_fields: {n: n}\n");
        Alerter.Message message = messages(rule, "team", "core", "n", 5).get(0);
        assertThat(((HttpDestination) message.destination()).url()).isEqualTo("http://127.0.0.1:9093/api/v2/alerts");
        assertThat(message.payload().path("labels").toString())
                .isEqualTo("{\"team\":\"core\",\"n\":\"5\",\"alertname\":\"r\",\"elastalert_rule\":\"r\"}");
        assertThat(message.payload().at("/annotations/description").asText()).isEqualTo("hello\n\n");
    }

    @Test
    void aMailsSubjectHasNoLineBreak() throws RuleException {
        AlertRule rule =
                rule("alert: email\nemail: a@example.org\nalert_subject: \"{0}\"\nalert_subject_args: [user]\n");
        assertThat(messages(rule, "user", "x\r\nBcc: evil@example.org")
                        .get(0)
                        .payload()
                        .path("subject")
                        .asText())
                .isEqualTo("x Bcc: evil@example.org");
    }

    @Test
    void everyTypeDescribesItsOptionsForTheDocumentation() {
        assertThat(Alerters.types()).hasSize(21).allSatisfy(type -> {
            assertThat(Alerters.type(type.name())).isSameAs(type);
            assertThat(type.options())
                    .allSatisfy(option -> assertThat(option.kind()).isNotBlank());
            assertThat(type.options().stream().flatMap(option -> option.names().stream()))
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void theListThatFindsMisspelledOptionsHasThoseOfAllAlerters() throws IOException {
        String list = Files.readString(Path.of("src/main/resources/serai/watch/rule/options.yaml"));
        Set<String> listed = Stream.of(list.split("[^A-Za-z0-9_]+")).collect(Collectors.toSet());
        assertThat(Alerters.types().stream()
                        .flatMap(type -> type.options().stream())
                        .flatMap(option -> option.names().stream())
                        .filter(name -> !listed.contains(name)))
                .isEmpty();
    }
}
