package serai.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlackDoubleTest {

    private HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private SlackDouble slack;
    private String webhook;

    @BeforeEach
    void start() throws IOException {
        slack = SlackDouble.start().burst(1000);
        webhook = slack.webhook("ops");
    }

    @AfterEach
    void stop() throws IOException {
        slack.close();
    }

    @Test
    void aMessageIsKeptAndAnsweredOkAsHtml() throws Exception {
        HttpResponse<String> reply = post("{\"text\":\"hi\"}");
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("ok");
        assertThat(reply.headers().firstValue("Content-Type")).hasValue("text/html");
        assertThat(slack.messages()).singleElement().satisfies(m -> {
            assertThat(m.text()).isEqualTo("hi");
            assertThat(m.webhook()).isEqualTo("ops");
        });
    }

    @Test
    void everyMessageThatElastAlertPostedIsAccepted() throws Exception {
        JsonNode cases = new ObjectMapper()
                .readTree(Files.readString(Path.of(System.getProperty("serai.cases"), "elastalert", "slack.json")));
        List<JsonNode> payloads = new ArrayList<>();
        cases.path("cases").forEach(c -> c.path("expected_posts").forEach(p -> payloads.add(p.path("json"))));
        assertThat(payloads).hasSizeGreaterThan(20);
        for (JsonNode payload : payloads) {
            assertThat(post(payload.toString()).body()).as(payload.toString()).isEqualTo("ok");
        }
    }

    @Test
    void aMessageThatSlackWouldNotUnderstandIsRefused() throws Exception {
        for (String payload : List.of(
                "hi",
                "[]",
                "{\"text\":\"a\"} x",
                "{\"text\":\"a\",\"iconEmoji\":\":x:\"}",
                "{\"text\":1}",
                "{\"attachments\":{}}",
                "{\"attachments\":[{\"text\":\"a\",\"authorName\":\"b\"}]}",
                "{\"attachments\":[{\"text\":\"a\",\"color\":\"red\"}]}",
                "{\"attachments\":[{\"text\":\"a\",\"fields\":[{\"title\":\"t\",\"shortValue\":true}]}]}")) {
            HttpResponse<String> reply = post(payload);
            assertThat(reply.statusCode()).as(payload).isEqualTo(400);
            assertThat(reply.body()).as(payload).isEqualTo("invalid_payload");
        }
        HttpRequest form = HttpRequest.newBuilder(URI.create(webhook))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("{\"text\":\"a\"}"))
                .build();
        assertThat(client.send(form, BodyHandlers.ofString()).body()).isEqualTo("invalid_payload");
        assertThat(slack.messages()).isEmpty();
    }

    @Test
    void aMessageBeyondTheLimitsIsRefused() throws Exception {
        assertThat(post("{}").body()).isEqualTo("no_text");
        assertThat(post("{\"text\":\"\",\"attachments\":[]}").body()).isEqualTo("no_text");
        assertThat(post("{\"attachments\":[{\"color\":\"good\"}]}").body())
                .isEqualTo("missing_text_or_fallback_or_attachments");
        assertThat(post("{\"text\":\"" + "x".repeat(40_001) + "\"}").body()).isEqualTo("msg_too_long");
        assertThat(post(attachments(100)).body()).isEqualTo("ok");
        assertThat(post(attachments(101)).body()).isEqualTo("too_many_attachments");
        assertThat(post("{\"blocks\":[{\"type\":\"section\",\"text\":{\"text\":\"" + "x".repeat(3001) + "\"}}]}")
                        .body())
                .isEqualTo("invalid_blocks");
    }

    @Test
    void aWebhookAcceptsOneMessageASecond() throws Exception {
        slack.burst(1);
        assertThat(post("{\"text\":\"1\"}").statusCode()).isEqualTo(200);
        HttpResponse<String> early = post("{\"text\":\"2\"}");
        assertThat(early.statusCode()).isEqualTo(429);
        assertThat(early.body()).isEqualTo("rate_limited");
        assertThat(early.headers().firstValue("Retry-After")).hasValue("1");
        webhook = slack.webhook("another");
        assertThat(post("{\"text\":\"3\"}").statusCode()).isEqualTo(200);
        webhook = slack.webhook("ops");
        org.awaitility.Awaitility.await()
                .pollDelay(Duration.ofMillis(1000))
                .until(() -> post("{\"text\":\"4\"}").statusCode() == 200);
        assertThat(slack.messages()).extracting(SlackDouble.Post::text).containsExactly("1", "3", "4");
    }

    @Test
    void aWebhookRefusesForAsLongAsItAskedToWait() throws Exception {
        slack.retryAfter(30).next(SlackFailure.RATE_LIMITED);
        assertThat(post("{\"text\":\"1\"}").headers().firstValue("Retry-After")).hasValue("30");
        assertThat(post("{\"text\":\"2\"}").statusCode()).isEqualTo(429);
        assertThat(post("{\"text\":\"2\"}").headers().firstValue("Retry-After").orElseThrow())
                .isIn("29", "30");
    }

    @Test
    void failuresComeAsOftenAsTheTestAsks() throws Exception {
        slack.fail(2, SlackFailure.ROLLUP_ERROR).next(SlackFailure.CHANNEL_IS_ARCHIVED, SlackFailure.INVALID_TOKEN);
        assertThat(post("{\"text\":\"1\"}").statusCode()).isEqualTo(500);
        assertThat(post("{\"text\":\"1\"}").body()).isEqualTo("rollup_error");
        assertThat(post("{\"text\":\"1\"}").statusCode()).isEqualTo(410);
        assertThat(post("{\"text\":\"1\"}").statusCode()).isEqualTo(403);
        assertThat(post("{\"text\":\"1\"}").statusCode()).isEqualTo(200);
        assertThat(slack.messages()).hasSize(1);
        assertThat(slack.posts()).extracting(SlackDouble.Post::status).containsExactly(500, 500, 410, 403, 200);
    }

    @Test
    void anUnknownWebhookIsRefused() throws Exception {
        webhook = webhook.replaceAll("/[^/]*$", "/guess");
        assertThat(post("{\"text\":\"1\"}").body()).isEqualTo("invalid_token");
        webhook = webhook.replace("T00000001", "T99999999");
        assertThat(post("{\"text\":\"1\"}").body()).isEqualTo("no_team");
    }

    @Test
    void aConnectionIsResetBeforeOrAfterTheMessageIsAccepted() throws Exception {
        slack.slowness(Duration.ofMillis(300))
                .next(SlackFailure.ACCEPTED_THEN_RESET, SlackFailure.RESET, SlackFailure.SLOW);
        assertThatThrownBy(() -> post("{\"text\":\"posted\"}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post("{\"text\":\"lost\"}")).isInstanceOf(IOException.class);
        long start = System.nanoTime();
        assertThat(post("{\"text\":\"slow\"}").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
        assertThat(slack.messages()).extracting(SlackDouble.Post::text).containsExactly("posted", "slow");
        slack.stop();
        // without the connections that the old one kept
        client = HttpClient.newHttpClient();
        assertThatThrownBy(() -> post("{\"text\":\"1\"}")).isInstanceOf(ConnectException.class);
        slack.restart();
        assertThat(post("{\"text\":\"1\"}").statusCode()).isEqualTo(200);
    }

    private static String attachments(int count) {
        return "{\"attachments\":[" + String.join(",", Collections.nCopies(count, "{\"text\":\"a\"}")) + "]}";
    }

    private HttpResponse<String> post(String payload) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(webhook))
                        .header("Content-Type", "application/json; charset=utf-8")
                        .POST(BodyPublishers.ofString(payload))
                        .build(),
                BodyHandlers.ofString());
    }
}
