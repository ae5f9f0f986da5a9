package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SeraiProcess;
import serai.demo.ServiceContracts;
import serai.demo.SlackDouble;
import serai.demo.WebhookDouble;
import serai.testing.TestDatabase;

/**
 * {@code kill -9} of the process that sends: no message is lost, and none sent twice but for one under way at the kill.
 */
class KilledSenderIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path root;

    private final List<SeraiProcess> children = new ArrayList<>();

    @AfterEach
    void killChildren() throws Exception {
        for (SeraiProcess child : children) {
            child.kill();
        }
    }

    private SeraiProcess start(TestDatabase database, String webhook) throws Exception {
        Map<String, String> settings = new HashMap<>(database.properties());
        settings.put("watch.slack-webhook", webhook);
        settings.put("watch.elasticsearch", "127.0.0.1:9");
        Path project = root.resolve("project");
        RunningWatch.copyFiles(project);
        SeraiProcess child = SeraiProcess.start(project, settings);
        children.add(child);
        return child;
    }

    @Test
    void aMessageThatWasQueuedBeforeTheKillIsSentOnce() throws Exception {
        Random random = new Random(20261122);
        try (SlackDouble slack = SlackDouble.start();
                TestDatabase database = new TestDatabase()) {
            int messages = 12;
            for (int i = 0; i < messages; i++) {
                OutboxIT.enqueue(database.warehouse(), slack.webhook("ops"), "m" + i, "pending", Duration.ZERO);
            }
            int kills = 0;
            while (slack.messages().size() < messages) {
                int before = slack.messages().size();
                SeraiProcess child = start(database, slack.webhook("ops"));
                await().atMost(SOON).until(() -> slack.messages().size() > before);
                if (slack.messages().size() < messages && kills < 3) {
                    int pause = random.nextInt(1500);
                    await().pollDelay(Duration.ofMillis(pause)).until(() -> true);
                    child.kill();
                    kills++;
                } else {
                    await().atMost(SOON).until(() -> slack.messages().size() >= messages);
                    await().atMost(SOON)
                            .until(() -> "0"
                                    .equals(database.value("select count(*) from meta.outbox where status <> 'sent'")));
                    child.kill();
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
        try (SlackDouble slack = SlackDouble.start();
                TestDatabase database = new TestDatabase()) {
            // queued for a moment that comes after the kill
            OutboxIT.enqueue(database.warehouse(), slack.webhook("ops"), "queued", "pending", Duration.ZERO);
            database.execute("update meta.outbox set not_before = clock_timestamp() + interval '1 hour'");
            SeraiProcess first = start(database, slack.webhook("ops"));
            await().atMost(SOON).until(() -> first.log().contains("Serai runs with"));
            first.kill();
            assertThat(slack.posts()).isEmpty();
            database.execute("update meta.outbox set not_before = clock_timestamp()");
            SeraiProcess second = start(database, slack.webhook("ops"));
            await().atMost(SOON)
                    .until(() -> "1".equals(database.value("select count(*) from meta.outbox where status = 'sent'")));
            assertThat(slack.messages()).hasSize(1);
            second.kill();
        }
    }

    @Test
    void noMessageOfManyTargetsIsLostAndARepeatHasTheSameKey() throws Exception {
        Random random = new Random(20261123);
        int targets = 8;
        int each = 12;
        try (WebhookDouble services = WebhookDouble.start();
                TestDatabase database = new TestDatabase()) {
            for (int target = 0; target < targets; target++) {
                String options = "alert: pagerduty\npagerduty_service_key: " + "k".repeat(31) + target
                        + "\npagerduty_client_name: c\n" + "pagerduty_api_version: v2\npagerduty_url: "
                        + services.service("/" + target, ServiceContracts::pagerDuty) + "\n";
                QueuedAlerts.write(Files.createDirectories(root.resolve("project")), "r" + target, options);
                for (int i = 0; i < each; i++) {
                    QueuedAlerts.enqueue(
                            database.warehouse(),
                            QueuedAlerts.rule("r" + target, options),
                            QueuedAlerts.match("m" + i));
                }
            }
            int kills = 0;
            boolean all = false;
            while (!all) {
                int before = taken(services, targets);
                SeraiProcess child = start(database, "http://127.0.0.1:9/services/none");
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
                                    .equals(database.value("select count(*) from meta.outbox where status <> 'sent'")));
                    all = true;
                }
                child.kill();
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
