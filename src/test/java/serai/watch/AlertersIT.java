package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.ServiceContracts;
import serai.demo.WebhookDouble;
import serai.demo.WebhookDouble.Failure;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertRule;
import serai.watch.message.Alert;

/** Alerts to services over HTTP, by the project's own routes and kamelets, with each service's failures. */
class AlertersIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path root;

    private TestDatabase database;
    private Warehouse warehouse;
    private WebhookDouble services;
    private RunningWatch watch;

    @BeforeEach
    void prepare() throws Exception {
        database = new TestDatabase();
        warehouse = database.warehouse();
        services = WebhookDouble.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null) {
            watch.close();
        }
        services.close();
        database.close();
    }

    private AlertRule start(String name, String options, String... settings) throws Exception {
        QueuedAlerts.write(root, name, options);
        String[] all = java.util.Arrays.copyOf(settings, settings.length + 2);
        all[settings.length] = "watch.elasticsearch";
        all[settings.length + 1] = "127.0.0.1:9";
        watch = RunningWatch.start(root, database, all);
        return QueuedAlerts.rule(name, options);
    }

    private String rows(String status) {
        return watch.value("select count(*) from meta.outbox where status = '" + status + "'");
    }

    private void awaitSent(int messages) {
        await().atMost(SOON).untilAsserted(() -> assertThat(rows("sent")).isEqualTo(String.valueOf(messages)));
    }

    private JsonNode only(String path) {
        assertThat(services.taken(path)).hasSize(1);
        return services.taken(path).get(0);
    }

    private String pagerDuty() {
        return "pagerduty_service_key: " + KEY
                + "\npagerduty_client_name: ops\npagerduty_api_version: v2\npagerduty_url: "
                + services.service("/v2/enqueue", ServiceContracts::pagerDuty) + "\n";
    }

    @Test
    void eachServiceGetsItsOwnPayload() throws Exception {
        services.service("/botTOKEN/sendMessage", ServiceContracts::telegram);
        String telegram = services.service("/telegram").replace("/telegram", "");
        AlertRule rule = start(
                "all",
                "alert: [post, pagerduty, opsgenie, telegram, ms_power_automate, mattermost, discord, gitter]\n"
                        + "http_post_url: " + services.service("/post")
                        + "\nhttp_post_headers: {X-Token: header-secret}\n"
                        + "http_post_static_payload: {token: static-secret}\nhttp_post_payload: {who: user.name}\n"
                        + pagerDuty()
                        + "pagerduty_incident_key: \"{0}\"\npagerduty_incident_key_args: [user.name]\n"
                        + "opsgenie_key: genie-secret\nopsgenie_addr: "
                        + services.service("/v2/alerts", ServiceContracts::opsgenie) + "\n"
                        + "opsgenie_teams: [\"{team}\"]\nopsgenie_teams_args: {team: user.team}\nopsgenie_priority: P2\n"
                        + "telegram_bot_token: TOKEN\ntelegram_room_id: \"-100\"\ntelegram_api_url: " + telegram + "\n"
                        + "ms_power_automate_webhook_url: \""
                        + services.service("/workflow", ServiceContracts::powerAutomate)
                        + "?sp=%2Ftriggers%2Fmanual&sig=a-b_c\"\nms_power_automate_alert_facts: [{name: User, value: user.name}]\n"
                        + "mattermost_webhook_url: " + services.service("/hooks/m") + "\ndiscord_webhook_url: "
                        + services.service("/discord", ServiceContracts::discord) + "\ngitter_webhook_url: "
                        + services.service("/gitter") + "\n");
        QueuedAlerts.enqueue(
                warehouse, rule, QueuedAlerts.match("failed", "user", Map.of("name", "bob", "team", "core")));
        awaitSent(8);
        assertThat(only("/post").toString()).isEqualTo("{\"who\":\"bob\",\"token\":\"static-secret\"}");
        assertThat(services.posts("/post").get(0).headers()).containsEntry("X-Token", "header-secret");
        assertThat(only("/v2/enqueue").path("routing_key").asText()).isEqualTo(KEY);
        assertThat(only("/v2/enqueue").path("dedup_key").asText()).isEqualTo("bob");
        assertThat(only("/v2/enqueue").at("/payload/custom_details/information").asText())
                .isEqualTo("failed\n\n");
        assertThat(services.posts("/v2/alerts").get(0).headers())
                .containsEntry("Authorization", "GenieKey genie-secret");
        assertThat(only("/v2/alerts").at("/teams/0/name").asText()).isEqualTo("core");
        assertThat(only("/v2/alerts").path("alias").asText()).hasSize(64);
        assertThat(only("/botTOKEN/sendMessage").path("text").asText()).isEqualTo("⚠ *all* ⚠ ```\nfailed\n\n ```");
        assertThat(services.posts("/workflow").get(0).query())
                .containsEntry("sp", "/triggers/manual")
                .containsEntry("sig", "a-b_c");
        assertThat(only("/workflow")
                        .at("/attachments/0/content/body/2/facts/0/value")
                        .asText())
                .isEqualTo("bob");
        assertThat(only("/hooks/m").at("/attachments/0/text").asText()).isEqualTo("failed\n\n");
        assertThat(only("/discord").path("content").asText()).isEqualTo(":warning: all :warning:");
        assertThat(only("/gitter").path("level").asText()).isEqualTo("error");
        assertThat(watch.value("select string_agg(o::text, ' ') from meta.outbox o"))
                .doesNotContain("secret", KEY, "TOKEN", "/hooks/m", "sig=");
    }

    @Test
    void aTextThatTelegramCannotParseIsSentPlain() throws Exception {
        services.service(
                "/botTOKEN/sendMessage",
                message -> message.has("parse_mode")
                        ? Optional.of(
                                "Bad Request: can't parse entities: Can't find end of the entity at byte offset 9")
                        : Optional.empty());
        AlertRule rule = start(
                "marks",
                "alert: telegram\ntelegram_bot_token: TOKEN\ntelegram_room_id: r\ntelegram_api_url: "
                        + services.service("/telegram").replace("/telegram", "") + "\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("a ``` b"));
        awaitSent(1);
        assertThat(only("/botTOKEN/sendMessage").path("text").asText()).contains("a ``` b");
    }

    @Test
    void theReasonOfAFailureHoldsNoPartOfTheAddress() throws Exception {
        AlertRule rule = start(
                "quoted",
                "alert: gitter\ngitter_webhook_url: "
                        + services.service(
                                "/hooks/S3CRETS3CRET",
                                message -> Optional.of("Cannot POST /hooks/S3CRETS3CRET?key=K3YK3YK3Y"))
                        + "?key=K3YK3YK3Y\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        await().atMost(Duration.ofSeconds(30))
                .until(() -> watch.value("select error from meta.outbox where refused_at is not null") != null);
        assertThat(watch.value("select error from meta.outbox"))
                .contains("Cannot POST")
                .doesNotContain("S3CRET", "K3Y");
    }

    @Test
    void aRepeatHasTheSameKeyAndOpensNoSecondIncident() throws Exception {
        AlertRule rule = start("repeat", "alert: pagerduty\n" + pagerDuty());
        services.next("/v2/enqueue", Failure.ACCEPTED_THEN_RESET);
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("two"));
        awaitSent(2);
        List<String> keys = services.taken("/v2/enqueue").stream()
                .map(event -> event.path("dedup_key").asText())
                .toList();
        assertThat(keys).hasSize(3).doesNotContain("");
        assertThat(keys.get(0)).isEqualTo(keys.get(1)).isNotEqualTo(keys.get(2));
    }

    @Test
    void theEndOfAnAlertResolvesItsIncident() throws Exception {
        AlertRule rule = start(
                "end",
                "alert: [pagerduty, opsgenie]\nresolve_after: {minutes: 5}\n" + pagerDuty()
                        + "opsgenie_key: k\nopsgenie_addr: "
                        + services.service("/v2/alerts", ServiceContracts::opsgenie) + "\n");
        QueuedAlerts.enqueue(
                warehouse, rule, new Alert("a", "end.web 1", List.of(QueuedAlerts.match("one")), 0, false, null));
        awaitSent(2);
        String alias = only("/v2/alerts").path("alias").asText();
        services.service("/v2/alerts/" + alias + "/close");
        QueuedAlerts.enqueue(
                warehouse, rule, new Alert("b", "end.web 1", List.of(QueuedAlerts.match("one")), 0, true, null));
        awaitSent(4);
        List<JsonNode> events = services.taken("/v2/enqueue");
        assertThat(events.get(1).path("event_action").asText()).isEqualTo("resolve");
        assertThat(events.get(1).path("dedup_key")).isEqualTo(events.get(0).path("dedup_key"));
        assertThat(services.posts("/v2/alerts/" + alias + "/close").get(0).query())
                .containsEntry("identifierType", "alias");
    }

    @Test
    void whileOneAddressFailsTheOtherGetsNoRepeats() throws Exception {
        AlertRule rule = start(
                "both",
                "alert: post\nhttp_post_url: [\"" + services.service("/good") + "\", \"" + services.service("/bad")
                        + "\"]\n");
        services.next("/bad", Failure.RESET, Failure.UNAVAILABLE);
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("two"));
        awaitSent(4);
        assertThat(services.posts("/good")).hasSize(2);
        assertThat(services.taken("/bad").stream().map(p -> p.path("text").asText()))
                .containsExactly("one", "two");
        assertThat(services.taken("/good").stream().map(p -> p.path("text").asText()))
                .containsExactly("one", "two");
    }

    @Test
    void messagesToAServiceWithoutAPaceDoNotWait() throws Exception {
        AlertRule rule = start("many", "alert: post\nhttp_post_url: " + services.service("/post") + "\n");
        for (int i = 0; i < 60; i++) {
            QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("m" + i));
        }
        awaitSent(60);
        List<WebhookDouble.Post> posts = services.posts("/post");
        assertThat(posts.stream().map(p -> p.payload().path("text").asText()).distinct())
                .hasSize(60);
        assertThat(Duration.between(posts.get(0).at(), posts.get(59).at())).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void theSilenceIsLiftedOnlyOfAnAlertThatNobodyGot() throws Exception {
        AlertRule rule = start(
                "silence",
                "alert: post\nhttp_post_url: [\"" + services.service("/a") + "\", \"" + services.service("/b")
                        + "\"]\n");
        silence("told", "alert one");
        silence("untold", "alert two");
        services.next("/a", Failure.TOO_LARGE, Failure.TOO_LARGE).next("/b", Failure.RESET);
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        awaitSent(1);
        await().atMost(SOON).until(() -> rows("failed").equals("1"));
        services.next("/b", Failure.TOO_LARGE);
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("two"));
        await().atMost(SOON).until(() -> rows("failed").equals("3"));
        assertThat(watch.value(
                        "select string_agg(silence_key, ',') from meta.silences where until > clock_timestamp()"))
                .isEqualTo("told");
        assertThat(watch.value("select max(error) from meta.outbox")).isEqualTo("The server answered 413 too large");
    }

    private void silence(String key, String alertId) throws Exception {
        database.execute("insert into meta.silences (silence_key, rule, until, alert_id) values ('" + key
                + "', 'silence', now() + interval '1 hour', '" + alertId + "')");
    }

    @Test
    void theNextAttemptWaitsAsLongAsTelegramAsksAndAnAnswerIsReadInPart() throws Exception {
        services.service("/botT/sendMessage", ServiceContracts::telegram);
        AlertRule rule = start(
                "bounds",
                "alert: [telegram, post]\ntelegram_bot_token: T\ntelegram_room_id: \"1\"\ntelegram_api_url: "
                        + services.service("/x").replace("/x", "") + "\nhttp_post_url: " + services.service("/post")
                        + "\nhttp_post_timeout: 2\n");
        services.next("/botT/sendMessage", Failure.RATE_LIMITED).next("/post", Failure.ENDLESS);
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("x".repeat(10_000)));
        awaitSent(2);
        List<WebhookDouble.Post> posts = services.posts("/botT/sendMessage");
        assertThat(posts).hasSize(2);
        assertThat(Duration.between(posts.get(0).at(), posts.get(1).at()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(1900));
        assertThat(posts.get(1).payload().path("text").asText()).contains("cropped");
        assertThat(services.posts("/post")).hasSize(1);
    }

    @Test
    void messagesThatWereSentLongAgoAreDeleted() throws Exception {
        AlertRule rule = QueuedAlerts.rule("old", "alert: post\nhttp_post_url: " + services.service("/post") + "\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("old"));
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("new"));
        database.execute("update meta.outbox set status = 'sent', sent_at = now() - interval '40 days'");
        database.execute("update meta.outbox set sent_at = now() where payload ->> 'text' = 'new'");
        start("old", "alert: post\nhttp_post_url: " + services.service("/post") + "\n");
        await().atMost(SOON)
                .until(() -> watch.value("select count(*) from meta.outbox").equals("1"));
        assertThat(watch.value("select payload ->> 'text' from meta.outbox")).isEqualTo("new");
    }
}
