package serai.watch.alerter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.http.HttpOptions;
import serai.http.TlsOptions;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.rule.Recordings;
import serai.watch.rule.RuleException;

class SlackRecordingsTest {

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("slack");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void postsAreThoseOfElastAlert(JsonNode recorded) throws Exception {
        if (recorded.has("expected_load_error")) {
            assertThatThrownBy(() -> Recordings.alertRule(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        List<Alerter> alerters = Recordings.alertRule(recorded).alerters();
        List<Alerter.Message> posts = new ArrayList<>();
        for (Alerter alerter : alerters) {
            posts.addAll(alerter.messages(new Alert(Recordings.matches(recorded.get("matches")), 0, false)));
        }
        JsonNode expected = recorded.get("expected_posts");
        if (recorded.has("expected_error")) {
            // ElastAlert gives up the other webhooks and channels when one fails; here each gets its message
            assertThat(posts).hasSizeGreaterThanOrEqualTo(expected.size());
            Integer status =
                    recorded.has("http_status") ? recorded.get("http_status").asInt() : null;
            assertThat(new HttpAnswer("Slack", status, null, "X").result().status())
                    .isNotEqualTo(DeliveryResult.Status.SENT);
        } else {
            assertThat(posts).hasSameSizeAs(expected);
        }
        for (int i = 0; i < expected.size(); i++) {
            assertThat(Recordings.json(asPosted(posts.get(i)))).isEqualTo(asSlackTakesIt(expected.get(i)));
        }
        if (recorded.has("expected_info") && !alerters.isEmpty()) {
            assertThat(Recordings.json(alerters.get(alerters.size() - 1).info()))
                    .isEqualTo(recorded.get("expected_info"));
        }
    }

    /**
     * Slack refuses a text of more than 40,000 characters, and with it the alert: here long parts are cut, with a note.
     */
    private static JsonNode asSlackTakesIt(JsonNode post) {
        JsonNode attachment = post.at("/json/attachments/0");
        cut(attachment, "text", Slack.LONGEST_TEXT);
        cut(attachment, "title", Slack.LONGEST_TITLE);
        attachment.path("fields").forEach(field -> cut(field, "value", Slack.LONGEST_FIELD));
        return post;
    }

    private static void cut(JsonNode part, String name, int longest) {
        if (part.path(name).asText().length() > longest) {
            ((ObjectNode) part).put(name, MessageLimits.text(part.path(name).asText(), longest));
        }
    }

    /** A message with the names of the recordings, which are those of Python's requests. */
    private static Map<String, Object> asPosted(Alerter.Message message) {
        HttpDestination address = (HttpDestination) message.destination();
        HttpOptions connection = address.connection();
        TlsOptions tls = connection.tls();
        Map<String, Object> posted = new java.util.LinkedHashMap<>();
        posted.put("url", address.url());
        posted.put("headers", address.headers());
        posted.put("verify", tls.caFile() == null ? tls.verify() : tls.caFile().toString());
        // the recorded one has no scheme, which means http
        URI proxy = connection.proxy();
        posted.put("proxies", proxy == null ? null : Map.of("https", proxy.getAuthority()));
        posted.put("timeout", connection.responseTimeout().toSeconds());
        posted.put("json", message.payload());
        return posted;
    }
}
