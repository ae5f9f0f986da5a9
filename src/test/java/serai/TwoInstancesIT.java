package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/**
 * Promise 3: two processes on one warehouse have one writer for each source, and one goes on when the other is gone.
 */
class TwoInstancesIT {

    private static final List<String> HEADER = List.of(
            "Session Date",
            "Source",
            "Medium",
            "Campaign",
            "Landing Page",
            "Country",
            "Device",
            "Sessions",
            "Users",
            "Engaged",
            "Signups");
    private final AtomicLong version = new AtomicLong();

    @Test
    void importsOfOneSourceNeverOverlapAndTheOtherInstanceContinues() throws Exception {
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase = MetabaseDouble.start()) {
            metabase.card(Card.between(12, "Sessions", p -> next()));
            Map<String, String> settings = Map.of(
                    "metabase.url",
                    metabase.url(),
                    "metabase.api-key",
                    MetabaseDouble.API_KEY,
                    "load.web-sessions.cron",
                    "0/1 * * * * ?",
                    "load.retry",
                    "1h");
            try (RunningSerai second = RunningSerai.start(Path.of(""), database, settings)) {
                try (RunningSerai first = RunningSerai.start(Path.of(""), database, settings)) {
                    untilRuns(database, 6);
                }
                untilRuns(database, runs(database) + 3);
                assertThat(
                                database.rows(
                                        "select a.run_id, b.run_id from meta.runs a join meta.runs b on a.source = b.source "
                                                + "and a.run_id < b.run_id and b.started_at < a.finished_at where a.source = 'load-web-sessions'"))
                        .isEmpty();
                assertThat(
                                database.rows(
                                        "select distinct status from meta.runs where source = 'load-web-sessions' and status <> 'running'"))
                        .containsExactly("ok");
            }
        }
    }

    /** Each answer has other rows, and more of them. */
    private CardReport next() {
        long v = version.incrementAndGet();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return CardReport.of(
                HEADER,
                LongStream.range(0, 3000 + v)
                        .mapToObj(i -> Arrays.<Object>asList(
                                today, "google", "organic", null, "/", "GB", "mobile", v, i, 0L, 0L))
                        .iterator());
    }

    private static void untilRuns(TestDatabase database, long count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> runs(database) >= count);
    }

    private static long runs(TestDatabase database) {
        return database.number("select count(*) from meta.runs where source = 'load-web-sessions' and status = 'ok'");
    }
}
