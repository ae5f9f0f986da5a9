package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SeraiProcess;
import serai.demo.SlackDouble;
import serai.demo.SlackFailure;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.testing.Waiting;

/**
 * A {@code kill -9} at any instant of the morning digest and of the documented threshold route, while Slack answers 429
 * and 500: each notice is queued once and delivered. One that was under way to Slack at the kill may come twice.
 */
class KilledNoticesIT {

    private static final int KILLS = Rounds.of(3, 25);
    private static final String THRESHOLD = "routes/watch/watch-errors.camel.yaml";
    private static final String INDEX = "product-logs-killed";
    private static final String DIGEST = "Signups: 2";
    private static final String ERRORS = "101 errors within ten minutes.";
    private static final String QUEUED = "select count(*) from meta.outbox";
    private static final String SENT = QUEUED + " where status = 'sent'";

    @TempDir
    Path folder;

    @Test
    void eachNoticeIsQueuedOnceAndDeliveredWheneverTheProcessIsKilled() throws Exception {
        ProjectFolder.copyTo(
                        folder,
                        "routes/_errors.camel.yaml",
                        "routes/watch/{outbox,deliver*,morning-digest}.camel.yaml",
                        "routes/kamelets/{notify-slack,query-warehouse}.kamelet.yaml")
                // it takes a while, so that kills fall into it
                .write("sql/checks/morning-digest.sql", "select '" + DIGEST + "' as text from pg_sleep(0.3)")
                // within one hour, and so soon that a start does not have to be waited for
                .write(
                        THRESHOLD,
                        Page.example(THRESHOLD)
                                .replace("0 0/5 * * * ?", "0/1 * * * * ?")
                                .replace("yyyy-MM-dd HH", "yyyy-MM-dd")
                                .replace("product-logs-*", INDEX));
        TestElasticsearch.node().createIndex(INDEX, """
                {"settings": {"number_of_replicas": 0},
                 "mappings": {"properties": {"level": {"type": "keyword"}, "@timestamp": {"type": "date"}}}}""");
        // in the future, so that they are within the ten minutes as long as the test lasts
        errors(Instant.now().plus(Duration.ofHours(2)));
        Random random = new Random(20261130);
        try {
            for (int kill = 1; kill <= KILLS; kill++) {
                killOnce(kill, random);
            }
        } finally {
            TestElasticsearch.node().deleteIndex(INDEX);
        }
    }

    private void killOnce(int kill, Random random) throws Exception {
        try (TestDatabase database = new TestDatabase();
                SlackDouble slack =
                        SlackDouble.start().retryAfter(1).next(SlackFailure.RATE_LIMITED, SlackFailure.ROLLUP_ERROR)) {
            try (SeraiProcess serai = start(database, slack)) {
                Waiting.soon().until(() -> {
                    serai.requireAlive();
                    return database.number("select count(*) from meta.instances") > 0;
                });
                LockSupport.parkNanos(random.nextInt(4_000) * 1_000_000L);
                serai.kill();
            }
            long queued = database.number(QUEUED);
            try (SeraiProcess serai = start(database, slack)) {
                Waiting.soon().until(() -> {
                    serai.requireAlive();
                    return database.number(SENT) == 2;
                });
                Awaitility.await()
                        .during(Duration.ofSeconds(2))
                        .atMost(Duration.ofSeconds(4))
                        .until(() -> database.number(QUEUED) == 2);
            }
            List<String> texts =
                    slack.messages().stream().map(SlackDouble.Post::text).toList();
            assertThat(texts).as("kill %d, %d queued before it", kill, queued).contains(DIGEST, ERRORS);
            assertThat(texts).hasSizeLessThanOrEqualTo(3).allMatch(text -> text.equals(DIGEST) || text.equals(ERRORS));
        }
    }

    private SeraiProcess start(TestDatabase database, SlackDouble slack) throws Exception {
        Map<String, String> settings = new HashMap<>(database.properties());
        settings.put("watch.slack-webhook", slack.webhook("a"));
        settings.put("watch.elasticsearch", TestElasticsearch.node().hostAddress());
        settings.put("watch.morning-digest.cron", "0/1 * * * * ?");
        settings.put("lease.term", "3s");
        return SeraiProcess.start(folder, settings);
    }

    private static void errors(Instant at) throws Exception {
        TestElasticsearch.node()
                .index(INDEX, Collections.nCopies(101, Map.of("level", "ERROR", "@timestamp", at.toString())));
        TestElasticsearch.node().refresh();
    }
}
