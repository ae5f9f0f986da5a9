package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SlackDouble;
import serai.demo.SlackFailure;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;

/** The kamelet notify-slack in a route of an operator's own. */
class SlackNoticeIT {

    @TempDir
    Path root;

    private TestDatabase database;
    private SlackDouble slack;
    private RunningWatch watch;

    @BeforeEach
    void prepare() throws Exception {
        database = new TestDatabase();
        slack = SlackDouble.start();
        ProjectFolder.copyTo(root, "routes/kamelets/notify-slack.kamelet.yaml")
                .write("routes/watch/notices.camel.yaml", """
                        # Notices of a test, each with another use of the kamelet.
                        - route:
                            id: watch-plain
                            from:
                              uri: direct:plain
                              steps:
                                - to: kamelet:notify-slack
                        - route:
                            id: watch-daily
                            from:
                              uri: direct:daily
                              steps:
                                - to:
                                    uri: kamelet:notify-slack
                                    parameters: { key: "digest ${date:now:yyyy-MM-dd} & more", markup: true }
                        """);
    }

    @AfterEach
    void stop() throws Exception {
        watch.close();
        slack.close();
        database.close();
    }

    private void start(String webhook) throws Exception {
        watch = RunningWatch.start(
                root, database, "watch.slack-webhook", webhook, "watch.elasticsearch", "127.0.0.1:9");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> watch.context().getRoute("watch-daily") != null
                        && watch.context()
                                .getRouteController()
                                .getRouteStatus("watch-daily")
                                .isStarted());
    }

    private void send(String route, String text) {
        watch.context().createProducerTemplate().sendBody("direct:" + route, text);
    }

    private List<String> texts() {
        return slack.messages().stream().map(SlackDouble.Post::text).toList();
    }

    @Test
    void aNoticeIsDeliveredOnceThoughSlackAnswers429And500() throws Exception {
        slack.retryAfter(1).next(SlackFailure.RATE_LIMITED, SlackFailure.ROLLUP_ERROR);
        start(slack.webhook("a"));
        send("plain", "Signups: 12 <!channel> & <https://a.example|link>");
        send("plain", "second");
        send("plain", " ");
        await().atMost(Duration.ofSeconds(60)).until(() -> texts().size() >= 2);
        assertThat(texts())
                .containsExactly("Signups: 12 &lt;!channel&gt; &amp; &lt;https://a.example|link&gt;", "second");
        assertThat(database.value("select count(*) from meta.outbox where status <> 'sent'"))
                .isEqualTo("0");
    }

    @Test
    void aNoticeWithAKeyIsQueuedOnceHoweverOftenItsRouteRuns() throws Exception {
        start(slack.webhook("a"));
        send("daily", "<https://a.example|Digest>");
        send("daily", "<https://a.example|Digest>");
        await().atMost(Duration.ofSeconds(30)).until(() -> !texts().isEmpty());
        assertThat(texts()).containsExactly("<https://a.example|Digest>");
        assertThat(database.value("select count(*) from meta.outbox")).isEqualTo("1");
    }

    @Test
    void aNoticeWithoutAnAddressGoesToTheLogAndItsRouteGoesOn() throws Exception {
        start("");
        send("plain", "x");
        assertThat(database.value("select count(*) from meta.outbox")).isEqualTo("0");
    }
}
