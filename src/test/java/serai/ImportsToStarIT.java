package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import serai.demo.LogFeed;
import serai.demo.MetabaseDouble;
import serai.demo.Product;
import serai.demo.ProductLogs;
import serai.demo.ProductTruth;
import serai.demo.SlackDouble;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;

/**
 * The main road from end to end, with the project's own files: what arrives in the star is what the product knows of
 * itself.
 */
class ImportsToStarIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    @Test
    void theStarEqualsTheTruthAnAlertIsDeliveredAndThePageIsFresh() throws Exception {
        Product product = Product.of(7, TODAY);
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        AtomicReference<Instant> clock = new AtomicReference<>(yesterday);
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase = MetabaseDouble.start();
                SlackDouble slack = SlackDouble.start();
                LogFeed logs = LogFeed.start(TestElasticsearch.node(), new ProductLogs(7), Duration.ofMinutes(10))) {
            product.publish(metabase, clock::get);
            Map<String, String> settings = Map.of(
                    "metabase.url",
                    metabase.url(),
                    "metabase.api-key",
                    MetabaseDouble.API_KEY,
                    "load.since",
                    product.from().toString(),
                    "refresh.cron",
                    "0/1 * * * * ?",
                    "watch.elasticsearch",
                    TestElasticsearch.node().hostAddress(),
                    "watch.slack-webhook",
                    slack.webhook("alerts"));
            try (RunningSerai serai = RunningSerai.start(Path.of(""), database, settings)) {
                assertThat(serai.firstImport("load-users")).isEqualTo("ok");
                assertThat(serai.firstImport("load-logins")).isEqualTo("ok");
                assertThat(serai.firstImport("load-web-sessions")).isEqualTo("ok");
                untilTheStarIs(database, product.truthAt(yesterday), product.from());

                clock.set(Instant.now());
                for (String source : List.of("load-users", "load-logins", "load-web-sessions")) {
                    assertThat(serai.runImport(source)).isEqualTo("ok");
                }
                untilTheStarIs(database, product.truthAt(clock.get()), TODAY.minusDays(2));

                await("an alert")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> !slack.messages().isEmpty());
                await("the page").atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertAllWell(serai));
            }
        }
    }

    /**
     * Compares the days from {@code first} on: a login that comes later than the lookback of 48 h is not asked for any
     * more.
     */
    private static void untilTheStarIs(TestDatabase database, ProductTruth truth, LocalDate first) {
        await("the star")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                // before the first refresh there are no tables
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(logins(database, first)).isEqualTo(logins(truth, first));
                    assertThat(sessions(database, first)).isEqualTo(sessions(truth, first));
                });
    }

    private static List<String> logins(TestDatabase database, LocalDate first) throws SQLException {
        return database.rows(
                "select u.user_id, f.date_key, f.logins from star.fact_logins f join star.dim_users u using (user_key) "
                        + "where f.date_key >= '" + first + "' order by u.user_id collate \"C\", f.date_key");
    }

    private static List<String> logins(ProductTruth truth, LocalDate first) {
        List<String> rows = new ArrayList<>();
        truth.loginsPerUserDay(ZoneOffset.UTC)
                .forEach((user, days) -> days.forEach((day, logins) -> {
                    if (!day.isBefore(first)) {
                        rows.add(user + "|" + day + "|" + logins);
                    }
                }));
        assertThat(rows).hasSizeGreaterThan(100);
        return rows;
    }

    private static List<String> sessions(TestDatabase database, LocalDate first) throws SQLException {
        return database.rows(
                "select starts_on, channel, sessions, signups from report.rpt_channel_sessions where period = 'day' and sessions > 0 "
                        + "and starts_on >= '" + first + "' order by starts_on, channel collate \"C\"");
    }

    private static List<String> sessions(ProductTruth truth, LocalDate first) {
        List<String> rows = new ArrayList<>();
        Map<LocalDate, Map<String, Long>> signups = truth.signupsPerChannelDay();
        truth.sessionsPerChannelDay()
                .forEach((day, channels) -> channels.forEach((channel, sessions) -> {
                    if (!day.isBefore(first) && sessions > 0) {
                        rows.add(day + "|" + channel + "|" + sessions + "|"
                                + signups.getOrDefault(day, Map.of()).getOrDefault(channel, 0L));
                    }
                }));
        assertThat(rows).hasSizeGreaterThan(10);
        return rows;
    }

    private static void assertAllWell(RunningSerai serai) throws Exception {
        String text = serai.get("/status.json").body();
        JsonNode status = new ObjectMapper().readTree(text);
        assertThat(status.get("sources"))
                .hasSize(4)
                .allMatch(s -> s.get("status").asText().equals("OK"));
        assertThat(status.get("models"))
                .isNotEmpty()
                .allMatch(m -> m.get("status").asText().equals("OK"));
        assertThat(status.get("rules"))
                .hasSize(2)
                .allMatch(r -> r.get("status").asText().equals("OK"));
        assertThat(status.get("messages").get("sent").asLong()).isPositive();
        assertThat(status.get("edits")).isEmpty();
    }
}
