package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.ServiceContracts;
import serai.demo.SlackDouble;
import serai.demo.WebhookDouble;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;

/**
 * {@code kill -9} of the process that sends: no message is lost, and none sent twice but for one under way at the kill.
 */
class KilledSenderIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path root;

    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void killChildren() {
        children.forEach(Process::destroyForcibly);
    }

    private Process start(String url, String webhook) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutboxChild.class.getName(),
                        Files.createDirectories(root.resolve("project")).toString(),
                        url,
                        webhook)
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("child.log").toFile())
                .start();
        children.add(child);
        return child;
    }

    private static void kill(Process child) throws InterruptedException {
        child.destroyForcibly();
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aMessageThatWasQueuedBeforeTheKillIsSentOnce() throws Exception {
        String url = TestWarehouse.newDatabase();
        Random random = new Random(20261122);
        try (SlackDouble slack = SlackDouble.start();
                Warehouse warehouse = Warehouse.open(TestWarehouse.settings(url))) {
            int messages = 12;
            for (int i = 0; i < messages; i++) {
                OutboxIT.enqueue(warehouse, slack.webhook("ops"), "m" + i, "pending", Duration.ZERO);
            }
            int kills = 0;
            while (slack.messages().size() < messages) {
                int before = slack.messages().size();
                Process child = start(url, slack.webhook("ops"));
                await().atMost(SOON).until(() -> slack.messages().size() > before);
                if (slack.messages().size() < messages && kills < 3) {
                    int pause = random.nextInt(1500);
                    await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
                    kill(child);
                    kills++;
                } else {
                    await().atMost(SOON).until(() -> slack.messages().size() >= messages);
                    await().atMost(SOON)
                            .until(() -> "0"
                                    .equals(RunningWatch.value(
                                            warehouse, "select count(*) from meta.outbox where status <> 'sent'")));
                    kill(child);
                }
            }
            List<String> texts =
                    slack.messages().stream().map(SlackDouble.Post::text).toList();
            assertThat(kills).isPositive();
            assertThat(texts.stream().distinct().toList())
                    .containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11");
            // a kill within a round trip to Slack, some milliseconds in each second, may repeat that one message
            assertThat(texts.size() - messages).isLessThanOrEqualTo(kills);
        }
    }

    @Test
    void aMessageThatWasQueuedWhenNothingWasUnderWayIsSentOnce() throws Exception {
        String url = TestWarehouse.newDatabase();
        try (SlackDouble slack = SlackDouble.start();
                Warehouse warehouse = Warehouse.open(TestWarehouse.settings(url))) {
            // queued for a moment that comes after the kill
            OutboxIT.enqueue(warehouse, slack.webhook("ops"), "queued", "pending", Duration.ZERO);
            TestWarehouse.execute(
                    warehouse, "update meta.outbox set not_before = clock_timestamp() + interval '12 seconds'");
            Process first = start(url, slack.webhook("ops"));
            await().atMost(SOON)
                    .until(() -> Files.readString(root.resolve("child.log")).contains("running"));
            kill(first);
            assertThat(slack.posts()).isEmpty();
            Process second = start(url, slack.webhook("ops"));
            await().atMost(SOON)
                    .until(() -> "1"
                            .equals(RunningWatch.value(
                                    warehouse, "select count(*) from meta.outbox where status = 'sent'")));
            assertThat(slack.messages()).hasSize(1);
            kill(second);
        }
    }

    @Test
    void noMessageOfManyTargetsIsLostAndARepeatHasTheSameKey() throws Exception {
        String url = TestWarehouse.newDatabase();
        Random random = new Random(20261123);
        int targets = 8;
        int each = 12;
        try (WebhookDouble services = WebhookDouble.start();
                Warehouse warehouse = Warehouse.open(TestWarehouse.settings(url))) {
            for (int target = 0; target < targets; target++) {
                String options = "alert: pagerduty\npagerduty_service_key: " + "k".repeat(31) + target
                        + "\npagerduty_client_name: c\n" + "pagerduty_api_version: v2\npagerduty_url: "
                        + services.service("/" + target, ServiceContracts::pagerDuty) + "\n";
                QueuedAlerts.write(Files.createDirectories(root.resolve("project")), "r" + target, options);
                for (int i = 0; i < each; i++) {
                    QueuedAlerts.enqueue(
                            warehouse, QueuedAlerts.rule("r" + target, options), QueuedAlerts.match("m" + i));
                }
            }
            int kills = 0;
            boolean all = false;
            while (!all) {
                int before = taken(services, targets);
                Process child = start(url, "http://127.0.0.1:9/services/none");
                await().atMost(SOON).until(() -> taken(services, targets) > before);
                if (kills < 2) {
                    int pause = random.nextInt(60);
                    await().pollDelay(Duration.ofMillis(pause))
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> true);
                    kills++;
                } else {
                    await().atMost(SOON)
                            .until(() -> "0"
                                    .equals(RunningWatch.value(
                                            warehouse, "select count(*) from meta.outbox where status <> 'sent'")));
                    all = true;
                }
                kill(child);
            }
            for (int target = 0; target < targets; target++) {
                List<String> keys = services.taken("/" + target).stream()
                        .map(event -> event.path("dedup_key").asText())
                        .toList();
                assertThat(keys.stream().distinct()).hasSize(each);
                assertThat(keys.size() - each).isLessThanOrEqualTo(kills);
                assertThat(services.taken("/" + target).stream()
                                .map(event -> event.at("/payload/custom_details/information")
                                        .asText()
                                        .strip())
                                .distinct())
                        .containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11");
            }
        }
    }

    private static int taken(WebhookDouble services, int targets) {
        int taken = 0;
        for (int target = 0; target < targets; target++) {
            taken += services.taken("/" + target).size();
        }
        return taken;
    }
}
