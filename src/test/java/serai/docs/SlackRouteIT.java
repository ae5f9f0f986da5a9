package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.JobKey;
import serai.demo.SlackDouble;
import serai.demo.SlackFailure;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** The example of a notice by camel-slack, as documented: what Slack refuses arrives by the outbox, and once. */
class SlackRouteIT {

    private static final String FILE = "routes/watch/watch-product-team.camel.yaml";
    private static final String TEXT = "Last week's numbers are complete.";
    private static final String FALLBACK = "ops: The product team did not get: " + TEXT;

    @TempDir
    Path folder;

    @Test
    void aNoticeThatSlackRefusesWith429Or500ArrivesByTheOutbox() throws Exception {
        ProjectFolder.copyTo(
                        folder,
                        "routes/_errors.camel.yaml",
                        "routes/watch/{outbox,deliver*}.camel.yaml",
                        "routes/kamelets/notify-slack.kamelet.yaml")
                .write(FILE, Page.example(FILE));
        try (TestDatabase database = new TestDatabase();
                SlackDouble slack = SlackDouble.start().burst(5);
                RunningSerai serai = RunningSerai.start(
                        folder,
                        database,
                        Map.of(
                                "watch.slack-webhook",
                                slack.webhook("ops"),
                                "product.slack-webhook",
                                slack.webhook("product")))) {
            Waiting.soon().until(() -> serai.context().getRoute("watch-product-team") != null);
            fire(serai);
            awaitMessages(slack, "product: " + TEXT);

            slack.next(SlackFailure.ROLLUP_ERROR);
            fire(serai);
            awaitMessages(slack, "product: " + TEXT, FALLBACK);

            slack.retryAfter(1).next(SlackFailure.RATE_LIMITED);
            fire(serai);
            awaitMessages(slack, "product: " + TEXT, FALLBACK, FALLBACK);

            assertThat(slack.posts().stream().filter(post -> post.webhook().equals("product")))
                    .as("each notice is posted once")
                    .hasSize(3);
        }
    }

    private static void awaitMessages(SlackDouble slack, String... texts) {
        Waiting.soon()
                .untilAsserted(() -> assertThat(
                                slack.messages().stream().map(post -> post.webhook() + ": " + post.text()))
                        .containsExactlyElementsOf(List.of(texts)));
    }

    private static void fire(RunningSerai serai) throws Exception {
        serai.context()
                .getComponent("quartz", QuartzComponent.class)
                .getScheduler()
                .triggerJob(new JobKey("product-team", "watch"));
    }
}
