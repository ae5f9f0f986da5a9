package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What a newcomer sees some minutes after the demo began: loaded rows, a replicated database, a refreshed star, a
 * delivered alert.
 */
class DemoIT {

    @Test
    void theDemoShowsEveryStage() throws Exception {
        long start = System.nanoTime();
        Process demo = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "serai.demo.Demo")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = demo.inputReader()) {
            Matcher page = Pattern.compile("http://127.0.0.1:\\d+/").matcher(out.readLine());
            assertThat(page.find()).isTrue();
            await().atMost(Duration.ofMinutes(5).minusNanos(System.nanoTime() - start))
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        JsonNode status = status(page.group());
                        assertThat(status.get("sources"))
                                .hasSize(5)
                                .allMatch(s -> s.get("kind").asText().equals("replicate")
                                        || s.get("lastRun").get("read").asLong() > 0);
                        assertThat(status.get("replication"))
                                .hasSize(1)
                                .allMatch(r -> r.get("state").asText().equals("following")
                                        && r.get("status").asText().equals("OK")
                                        && r.get("applyLagBytes").asLong() >= 0
                                        && r.get("tables").get("complete").asLong() == 11);
                        assertThat(status.get("models"))
                                .anyMatch(m -> m.get("name").asText().equals("fact_logins")
                                        && m.get("rows").asLong() > 0);
                        assertThat(status.get("models"))
                                .anyMatch(m -> m.get("name").asText().equals("fact_user_day")
                                        && m.get("rows").asLong() > 10_000)
                                .anyMatch(m -> m.get("name").asText().equals("rpt_mrr_movements"))
                                .noneMatch(m -> m.get("status").asText().equals("FAILED"));
                        assertThat(status.get("messages").get("sent").asLong()).isPositive();
                    });
        } finally {
            demo.destroy();
            assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static JsonNode status(String page) throws Exception {
        return new ObjectMapper()
                .readTree(HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create(page + "status.json"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
    }
}
