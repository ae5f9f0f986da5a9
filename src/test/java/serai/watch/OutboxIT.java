package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import serai.demo.SlackDouble;
import serai.demo.SlackFailure;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;
import serai.watch.alert.Destination;

/** Delivery through the project's own routes to Slack's double over HTTP, with its rate and its failures. */
class OutboxIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path root;
    private Warehouse warehouse;
    private SlackDouble slack;
    private RunningWatch watch;

    @BeforeEach
    void prepare() throws Exception {
        warehouse = TestWarehouse.fresh();
        slack = SlackDouble.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null) {
            watch.close();
        }
        slack.close();
        warehouse.close();
    }

    private void start(String... settings) throws Exception {
        // a rule that never runs, so that its webhook is known
        RunningWatch.writeRule(root, "b.yaml", "name: b\ntype: any\nindex: none\nalert: slack\nrun_every: {days: 1}\n"
                + "slack_webhook_url: " + slack.webhook("b") + "\n");
        String[] all = new String[settings.length + 4];
        System.arraycopy(settings, 0, all, 4, settings.length);
        all[0] = "watch.slack-webhook";
        all[1] = slack.webhook("a");
        all[2] = "watch.elasticsearch";
        all[3] = "127.0.0.1:9";
        watch = RunningWatch.start(root, warehouse, all);
    }

    private void enqueue(String webhook, String text) throws Exception {
        enqueue(warehouse, slack.webhook(webhook), text, "pending", Duration.ZERO);
    }

    static void enqueue(Warehouse warehouse, String address, String text, String status, Duration age) throws Exception {
        try (Connection c = warehouse.dataSource().getConnection(); PreparedStatement s = c.prepareStatement("""
                insert into meta.outbox (channel, dedupe_key, rule, target, payload, status, created_at)
                values ('slack', ?, 'r', ?, jsonb_build_object('text', ?::text), ?, clock_timestamp() - ? * interval '1 second')""")) {
            s.setString(1, text);
            s.setString(2, Destination.sha256(address));
            s.setString(3, text);
            s.setString(4, status);
            s.setLong(5, age.toSeconds());
            s.executeUpdate();
        }
    }

    private List<String> texts(String webhook) {
        return slack.messages().stream().filter(m -> m.webhook().equals(webhook)).map(SlackDouble.Post::text).toList();
    }

    private String count(String status) {
        return RunningWatch.value(warehouse, "select count(*) from meta.outbox where status = '" + status + "'");
    }

    @Test
    void sendsOneASecondToEachWebhookInOrder() throws Exception {
        for (int i = 0; i < 4; i++) {
            enqueue("a", "a" + i);
            enqueue("b", "b" + i);
        }
        start();
        await().atMost(SOON).until(() -> slack.messages().size() == 8);
        assertThat(texts("a")).containsExactly("a0", "a1", "a2", "a3");
        assertThat(texts("b")).containsExactly("b0", "b1", "b2", "b3");
        assertThat(slack.posts()).allMatch(SlackDouble.Post::posted);
        Instant first = slack.messages().get(0).at();
        Instant last = slack.messages().get(7).at();
        assertThat(Duration.between(first, last)).isBetween(Duration.ofMillis(2900), Duration.ofSeconds(7));
    }

    @Test
    void waitsAsLongAsSlackAsks() throws Exception {
        slack.next(SlackFailure.RATE_LIMITED).retryAfter(4);
        enqueue("a", "one");
        enqueue("a", "two");
        start();
        await().atMost(SOON).until(() -> slack.messages().size() == 2);
        assertThat(texts("a")).containsExactly("one", "two");
        assertThat(slack.posts()).hasSize(3);
        assertThat(Duration.between(slack.posts().get(0).at(), slack.posts().get(1).at())).isGreaterThanOrEqualTo(Duration.ofMillis(3900));
    }

    @Test
    void triesAgainWhenSlackIsOutOfOrder() throws Exception {
        slack.next(SlackFailure.ROLLUP_ERROR, SlackFailure.RESET);
        enqueue("a", "one");
        start();
        await().atMost(SOON).until(() -> texts("a").size() == 1);
        await().atMost(SOON).until(() -> "1".equals(count("sent")));
        assertThat(watch.value("select attempts from meta.outbox")).isEqualTo("3");
        assertThat(watch.value("select error from meta.outbox")).isNull();
    }

    @Test
    void givesUpAtOnceWhatSlackWillNeverTakeAndGoesOn() throws Exception {
        slack.next(SlackFailure.NO_SERVICE);
        enqueue("a", "one");
        enqueue("a", "two");
        start();
        await().atMost(SOON).until(() -> texts("a").equals(List.of("two")));
        assertThat(watch.value("select error from meta.outbox where status = 'failed'")).isEqualTo("Slack answered 404 no_service");
    }

    @Test
    void givesUpAfterTheTimeLimit() throws Exception {
        slack.next(SlackFailure.UNAVAILABLE);
        enqueue(warehouse, slack.webhook("a"), "old", "pending", Duration.ofHours(2));
        start("watch.alert-time-limit", "1h");
        await().atMost(SOON).until(() -> "1".equals(count("failed")));
        assertThat(watch.value("select error from meta.outbox")).contains("503").contains("watch.alert-time-limit");
    }

    @Test
    void doesNotHoldUpOneWebhookForAnother() throws Exception {
        slack.slowness(Duration.ofSeconds(6)).next(SlackFailure.SLOW);
        enqueue("a", "slow");
        start();
        await().atMost(SOON).until(() -> "1".equals(count("sending")));
        enqueue("b", "quick");
        await().atMost(SOON).until(() -> texts("b").size() == 1);
        await().atMost(SOON).until(() -> "2".equals(count("sent")));
        assertThat(slack.posts()).hasSize(2);
    }

    @Test
    void takesUpAgainWhatACrashLeftInSending() throws Exception {
        enqueue(warehouse, slack.webhook("a"), "left", "sending", Duration.ZERO);
        start();
        await().atMost(SOON).until(() -> "1".equals(count("sent")));
        assertThat(texts("a")).containsExactly("left");
    }

    @Test
    void keepsAMessageWhoseWebhookNoRuleHasNow() throws Exception {
        enqueue(warehouse, "https://127.0.0.1/unknown", "kept", "pending", Duration.ZERO);
        enqueue("a", "other");
        start();
        await().atMost(SOON).until(() -> texts("a").size() == 1);
        await().atMost(SOON).until(() -> watch.value("select error from meta.outbox where dedupe_key = 'kept'") != null);
        assertThat(count("pending")).isEqualTo("1");
    }
}
