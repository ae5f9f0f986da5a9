package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.model.ModelCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SlackDouble;
import serai.demo.SlackFailure;
import serai.testing.TestDatabase;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.watch.alerter.Destination;

/** Delivery through the project's own routes to Slack's double over HTTP, with its rate and its failures. */
class OutboxIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path root;

    private TestDatabase database;
    private Warehouse warehouse;
    private SlackDouble slack;
    private RunningWatch watch;

    @BeforeEach
    void prepare() throws Exception {
        database = new TestDatabase();
        warehouse = database.warehouse();
        slack = SlackDouble.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null) {
            watch.close();
        }
        slack.close();
        database.close();
    }

    private void start(String... settings) throws Exception {
        // a rule that never runs, so that its webhook is known
        RunningWatch.writeRule(
                root,
                "b.yaml",
                "name: b\ntype: any\nindex: none\nalert: slack\nrun_every: {days: 1}\n" + "slack_webhook_url: "
                        + slack.webhook("b") + "\n");
        String[] all = new String[settings.length + 4];
        System.arraycopy(settings, 0, all, 4, settings.length);
        all[0] = "watch.slack-webhook";
        all[1] = slack.webhook("a");
        all[2] = "watch.elasticsearch";
        all[3] = "127.0.0.1:9";
        watch = RunningWatch.start(root, database, all);
    }

    private void enqueue(String webhook, String text) throws Exception {
        enqueue(warehouse, slack.webhook(webhook), text, "pending", Duration.ZERO);
    }

    static void enqueue(Warehouse warehouse, String address, String text, String status, Duration age)
            throws Exception {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c).update("""
                            insert into meta.outbox (channel, dedupe_key, rule, target, payload, status, created_at)
                            values ('slack', ?, 'r', ?, jsonb_build_object('text', ?::text), ?,
                              clock_timestamp() - ? * interval '1 second')""", text, Destination.sha256(address), text, status, age.toSeconds());
        }
    }

    private List<String> texts(String webhook) {
        return slack.messages().stream()
                .filter(m -> m.webhook().equals(webhook))
                .map(SlackDouble.Post::text)
                .toList();
    }

    private String count(String status) {
        return database.value("select count(*) from meta.outbox where status = '" + status + "'");
    }

    @Test
    void eachWebhookGetsItsMessagesInOrderOneASecond() throws Exception {
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
    void theNextAttemptWaitsAsLongAsSlackAsks() throws Exception {
        slack.next(SlackFailure.RATE_LIMITED).retryAfter(4);
        enqueue("a", "one");
        enqueue("a", "two");
        start();
        await().atMost(SOON).until(() -> slack.messages().size() == 2);
        assertThat(texts("a")).containsExactly("one", "two");
        assertThat(slack.posts()).hasSize(3);
        assertThat(Duration.between(
                        slack.posts().get(0).at(), slack.posts().get(1).at()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(3900));
    }

    @Test
    void aMessageIsTriedAgainWhileSlackFails() throws Exception {
        slack.next(SlackFailure.ROLLUP_ERROR, SlackFailure.RESET);
        enqueue("a", "one");
        start();
        await().atMost(SOON).until(() -> texts("a").size() == 1);
        await().atMost(SOON).until(() -> "1".equals(count("sent")));
        assertThat(watch.value("select attempts from meta.outbox")).isEqualTo("3");
        assertThat(watch.value("select error from meta.outbox")).isNull();
    }

    @Test
    void aMessageThatSlackRefusesIsKeptAndTheNextIsSent() throws Exception {
        slack.next(SlackFailure.NO_SERVICE);
        enqueue("a", "one");
        enqueue("a", "two");
        start();
        await().atMost(SOON).until(() -> texts("a").equals(List.of("two")));
        assertThat(refused()).isEqualTo("one Slack answered 404 no_service");
        assertThat(watch.value("select extract(epoch from not_before - clock_timestamp()) > 30 from meta.outbox"
                        + " where refused_at is not null"))
                .isEqualTo("t");
    }

    /** Messages that wait although their receiver refused them. */
    private String refused() {
        return database.value("select string_agg(dedupe_key || ' ' || error, '; ' order by message_id) from meta.outbox"
                + " where status = 'pending' and refused_at is not null");
    }

    @Test
    void refusedMessagesFollowTheOneThatIsAcceptedAgain() throws Exception {
        slack.next(SlackFailure.INVALID_TOKEN, SlackFailure.INVALID_TOKEN, SlackFailure.INVALID_TOKEN);
        enqueue("b", "one");
        enqueue("b", "two");
        enqueue("b", "three");
        start("watch.slack-webhook", "");
        await().atMost(SOON)
                .until(() -> "3".equals(watch.value("select count(*) from meta.outbox where refused_at is not null")));

        slack.next(SlackFailure.CHANNEL_IS_ARCHIVED);
        dueNow("one");
        await().atMost(SOON).until(() -> slack.posts().size() == 4);
        assertThat(texts("b")).isEmpty();

        dueNow("one");
        await().atMost(SOON).until(() -> texts("b").size() == 3);
        assertThat(texts("b").get(0)).isEqualTo("one");
        await().atMost(SOON).until(() -> "3".equals(count("sent")));
        assertThat(watch.value("select count(*) from meta.outbox where refused_at is not null"))
                .isEqualTo("0");
    }

    private void dueNow(String key) {
        database.execute("update meta.outbox set not_before = clock_timestamp() where dedupe_key = '" + key + "'");
    }

    @Test
    void whatWaitsGoesToTheAddressThatAnEditOfTheRuleNames() throws Exception {
        start();
        slack.next(SlackFailure.NO_SERVICE, SlackFailure.NO_SERVICE);
        enqueue("b", "one");
        enqueue("b", "two");
        database.execute("update meta.outbox set rule = 'b' where dedupe_key in ('one', 'two')");
        await().atMost(SOON).until(() -> refused() != null && refused().contains("; "));

        watch.writeRule(
                "b.yaml",
                "name: b\ntype: any\nindex: none\nalert: slack\nrun_every: {days: 1}\nslack_webhook_url: "
                        + slack.webhook("c") + "\n");
        await().atMost(SOON).until(() -> texts("c").size() == 2);
        assertThat(texts("c")).containsExactly("one", "two");
        assertThat(texts("b")).isEmpty();
    }

    @Test
    void whatWaitsGoesToTheNewAddressAfterARestart() throws Exception {
        enqueue("old", "one");
        database.execute("update meta.outbox set rule = 'b', refused_at = now(), not_before = now() + interval '1 h'");
        start();
        await().atMost(SOON).until(() -> texts("b").equals(List.of("one")));
    }

    @Test
    void theFallbackWebhookIsNotifiedWhenTheWebhookOfTheSettingsRefuses() throws Exception {
        start("watch.fallback-webhook", slack.webhook("fallback"));
        slack.next(SlackFailure.CHANNEL_IS_ARCHIVED);
        enqueue("a", "one");
        await().atMost(SOON).until(() -> texts("fallback").size() == 1);
        assertThat(texts("fallback").get(0))
                .startsWith(":warning: An alert of the rule r is refused by Slack: Slack answered 410"
                        + " channel_is_archived\nIt is tried again until watch.alert-time-limit.");
        slack.next(SlackFailure.CHANNEL_IS_ARCHIVED);
        enqueue("a", "two");
        await().atMost(SOON).until(() -> refused() != null && refused().contains("; "));
        assertThat(watch.value("select count(*) from meta.outbox where rule = ''"))
                .isEqualTo("1");
    }

    @Test
    void aMessageThatIsTooLargeIsCutAndThenKeptAsAReject() throws Exception {
        SlackFailure[] always = new SlackFailure[20];
        Arrays.fill(always, SlackFailure.MESSAGE_TOO_LONG);
        slack.next(always);
        enqueue("b", "long ".repeat(500));
        database.execute("update meta.outbox set payload = jsonb_build_object('text', repeat('long ', 4000))");
        start("watch.slack-webhook", "");
        await().atMost(SOON).until(() -> "1".equals(count("failed")));
        assertThat(slack.posts().size()).isBetween(3, 9);
        assertThat(watch.value("select source || ' ' || reason || ' ' || (locator ->> 'rule') || ' '"
                        + " || (payload_bytes > 100) from meta.rejects"))
                .isEqualTo("outbox Slack answered 400 msg_too_long r true");
    }

    @Test
    void operatorsGetOneNoticeOfMessagesThatAreGivenUpForOneReason() throws Exception {
        start();
        giveUp("one", SlackFailure.MESSAGE_TOO_LONG);
        await().atMost(SOON).until(() -> texts("a").size() == 1);
        giveUp("two", SlackFailure.MESSAGE_TOO_LONG);
        giveUp("three", SlackFailure.TOO_MANY_ATTACHMENTS);
        await().atMost(SOON).until(() -> texts("a").size() == 2);
        assertThat(texts("a").get(0))
                .startsWith(":warning: An alert of the rule r is given up. It was not delivered to Slack:"
                        + " Slack answered 400 msg_too_long\nIt is message ");
        assertThat(texts("a").get(1)).contains("Slack answered 400 too_many_attachments");
        assertThat(watch.value("select count(*) from meta.outbox where rule = ''"))
                .isEqualTo("2");
    }

    private void giveUp(String text, SlackFailure failure) throws Exception {
        slack.next(failure);
        enqueue("b", text);
        await().atMost(SOON)
                .until(() -> "failed".equals(watch.value("select status from meta.outbox where dedupe_key = ?", text)));
    }

    @Test
    void aMessageIsGivenUpAfterTheTimeLimit() throws Exception {
        slack.next(SlackFailure.UNAVAILABLE);
        enqueue(warehouse, slack.webhook("a"), "old", "pending", Duration.ofHours(2));
        start("watch.alert-time-limit", "1h");
        await().atMost(SOON).until(() -> "1".equals(count("failed")));
        assertThat(watch.value("select error from meta.outbox")).contains("503").contains("watch.alert-time-limit");
    }

    @Test
    void oneWebhookDoesNotWaitForAnother() throws Exception {
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
    void aMessageThatACrashLeftInSendingIsSentAgain() throws Exception {
        enqueue(warehouse, slack.webhook("a"), "left", "sending", Duration.ZERO);
        start();
        await().atMost(SOON).until(() -> "1".equals(count("sent")));
        assertThat(texts("a")).containsExactly("left");
    }

    @Test
    void aMessageThatAFailingRouteDidNotDeliverIsSentLater() throws Exception {
        start();
        Path route = root.resolve("routes/watch/deliver.camel.yaml");
        String whole = Files.readString(route);
        Files.writeString(
                route,
                whole.replace(
                        "      steps:\n        - loop:",
                        "      steps:\n        - throwException:\n"
                                + "            message: broken by an edit\n            exceptionType: java.lang.IllegalStateException\n        - loop:"));
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> ((ModelCamelContext) watch.context())
                                .getRouteDefinition("watch-deliver")
                                .getOutputs()
                                .size()
                        == 2);
        enqueue("a", "one");
        await().atMost(SOON).until(() -> watch.value("select 'x' from meta.outbox where attempts > 0") != null);

        Files.writeString(route, whole);
        await().atMost(SOON).until(() -> texts("a").equals(List.of("one")));
    }

    @Test
    void theSilenceOfAnAlertThatReachedNobodyIsLiftedWhenTheResultIsStoredLate() throws Exception {
        slack.next(SlackFailure.MESSAGE_TOO_LONG);
        enqueue("a", "one");
        database.execute("update meta.outbox set alert_id = 'alert'");
        database.execute(
                "insert into meta.silences (silence_key, rule, until, alert_id) values ('r', 'r', now() + interval '1 hour', 'alert')");
        database.execute("create function refuse() returns trigger language plpgsql as $$begin raise 'no'; end$$");
        database.execute(
                "create trigger refuse before update on meta.outbox for each row when (new.status = 'failed') execute function refuse()");
        start();
        await().atMost(SOON).until(() -> slack.posts().size() == 1);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> "1".equals(count("sending")));

        database.execute("drop trigger refuse on meta.outbox");
        await().atMost(SOON).until(() -> "1".equals(count("failed")));
        assertThat(watch.value("select count(*) from meta.silences where until > now()"))
                .isEqualTo("0");
        assertThat(slack.posts()).hasSize(1);
    }

    @Test
    void aMessageThatWasGivenUpIsKeptAsLongAsOneThatWasSent() throws Exception {
        for (String status : List.of("failed", "sent", "pending")) {
            enqueue(warehouse, "https://127.0.0.1/unknown", status, status, Duration.ofHours(3));
        }
        enqueue(warehouse, "https://127.0.0.1/unknown", "of late", "failed", Duration.ofHours(3));
        database.execute(
                "update meta.outbox set not_before = now() - interval '2 hours', sent_at = now() - interval '2 hours'"
                        + " where dedupe_key <> 'of late'");
        start("watch.keep-sent", "1h");
        await().atMost(SOON).until(() -> "2".equals(watch.value("select count(*) from meta.outbox")));

        assertThat(watch.value("select string_agg(dedupe_key, ' ' order by dedupe_key) from meta.outbox"))
                .isEqualTo("of late pending");
    }

    @Test
    void aMessageWhoseWebhookNoRuleHasWaits() throws Exception {
        enqueue(warehouse, "https://127.0.0.1/unknown", "kept", "pending", Duration.ZERO);
        enqueue("a", "other");
        start();
        await().atMost(SOON).until(() -> texts("a").size() == 1);
        await().atMost(SOON)
                .until(() -> watch.value("select error from meta.outbox where dedupe_key = 'kept'") != null);
        assertThat(count("pending")).isEqualTo("1");
    }
}
