package serai.load.ga4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Ga4Double;
import serai.demo.Ga4Row;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.TestDatabase;

/**
 * Promise 1: a kill -9 while the pages of Google Analytics are fetched and written loses nothing and doubles nothing.
 */
class KilledGa4IT {

    private static final int KILLS = Rounds.of(4, 30);
    private static final int ROWS = 900;

    /** Each process is given other numbers on all days than the one before. */
    private final AtomicInteger version = new AtomicInteger();

    @Test
    void theTableIsAlwaysOneWholeVersion(@TempDir Path folder) throws Exception {
        try (TestDatabase database = new TestDatabase();
                Ga4Double google = Ga4Double.start()) {
            database.execute("create table landing.visits (day date not null, source text, sessions bigint)");
            ProjectFolder.copyTo(folder)
                    .delete("routes/load/load-users.camel.yaml")
                    .delete("routes/load/load-logins.camel.yaml")
                    .delete("routes/load/load-web-sessions.camel.yaml")
                    .write("routes/load/load-visits.camel.yaml", """
                            - route:
                                id: load-visits
                                from:
                                  uri: kamelet:ga4-report
                                  parameters: { property: "4711", dimensions: sessionSource, metrics: sessions,
                                    cron: "0/1 * * * * ?", lookback: 72h, zone: Europe/Madrid }
                                  steps:
                                    - to:
                                        uri: kamelet:replace-window
                                        parameters: { table: landing.visits, window: day,
                                          columns: "date=day,sessionSource=source" }
                            """);
            Map<String, String> settings = new HashMap<>(database.properties());
            settings.putAll(Map.of(
                    "ga4.url", google.url(),
                    "ga4.key-file", google.keyFile(folder.resolve("key.json")).toString(),
                    "ga4.pause", "10ms",
                    "ga4.page-rows", "100",
                    "load.retry", "1s"));
            Random random = new Random(42);
            for (int kill = 0; kill < KILLS; kill++) {
                give(google);
                int asked = google.reports().size();
                try (SeraiProcess serai = SeraiProcess.start(folder, settings)) {
                    await("pages for process " + kill)
                            .atMost(Duration.ofSeconds(90))
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> {
                                serai.requireAlive();
                                return google.reports().size() > asked;
                            });
                    LockSupport.parkNanos(random.nextInt(1_500) * 1_000_000L);
                    serai.kill();
                }
                assertWhole(database, "after kill " + kill);
            }
            give(google);
            try (SeraiProcess serai = SeraiProcess.start(folder, settings)) {
                await("a load after the last kill")
                        .atMost(Duration.ofSeconds(90))
                        .untilAsserted(() -> assertThat(
                                        database.number("select coalesce(max(sessions), 0) from landing.visits"))
                                .as(() -> "the version that is loaded; runs: "
                                        + database.rows("select status, error from meta.runs order by run_id"))
                                .isEqualTo(version.get()));
                assertThat(serai.stop()).isIn(0, 143);
            }
            assertWhole(database, "at the end");
            assertThat(database.rows("select status, error from meta.runs where status in ('failed', 'held')"))
                    .isEmpty();
            assertThat(folder.resolve("data").toFile().list())
                    .as("files of pages")
                    .noneMatch(name -> name.startsWith("ga4-"));
        }
    }

    /** A new property has its whole quota. */
    private void give(Ga4Double google) {
        version.incrementAndGet();
        google.property("4711", this::rows);
    }

    private List<Ga4Row> rows(LocalDate day) {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> new Ga4Row(day, Map.of("sessionSource", "s" + i), Map.of("sessions", version.get())))
                .toList();
    }

    private static void assertWhole(TestDatabase database, String when) {
        assertThat(database.value("select count(*) || ' ' || count(distinct (day, source)) from landing.visits"))
                .as(when)
                .isIn("0 0", 4 * ROWS + " " + 4 * ROWS, 5 * ROWS + " " + 5 * ROWS);
        assertThat(database.number("select count(distinct sessions) from landing.visits where day > current_date - 3"))
                .as("versions " + when)
                .isLessThan(2);
        assertThat(database.value("select coalesce(sum(rows), 0) - (select count(*) from landing.visits)"
                        + " from meta.window_days where relation = 'landing.visits'"))
                .as("totals of days " + when)
                .isEqualTo("0");
        assertThat(database.value("select count(*) from meta.ga4_loaded_days"))
                .as("statements of Google about days " + when)
                .isEqualTo(database.value("select count(distinct day) from landing.visits"));
    }
}
