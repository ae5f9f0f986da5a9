package serai.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.TestDatabase;

/** Promise 1: a kill -9 at any instant of a window reload loses nothing and doubles nothing. */
class KilledImportIT {

    private static final int KILLS = Rounds.of(8, 30);
    private static final int ROWS = 20_000;
    private static final List<String> HEADER = List.of("Day", "K", "Version", "Text");

    /** Each reply is another version: other values, and one row more, so that a mix of two versions is noticed. */
    private final AtomicInteger version = new AtomicInteger();

    @Test
    void theTableIsAlwaysOneWholeVersionAndTheRunsNameIt(@TempDir Path folder) throws Exception {
        TestDatabase database = new TestDatabase();
        database.execute("create table landing.versions (day date not null, k int not null, version int, text text)");
        ProjectFolder.copyTo(folder)
                .delete("routes/load/load-users.camel.yaml")
                .delete("routes/load/load-logins.camel.yaml")
                .delete("routes/load/load-web-sessions.camel.yaml")
                .write("routes/load/load-versions.camel.yaml", """
                        - route:
                            id: load-versions
                            from:
                              uri: kamelet:metabase-report
                              parameters: { card: 31, cron: "0/1 * * * * ?", lookback: 72h }
                              steps:
                                - to:
                                    uri: kamelet:replace-window
                                    parameters: { table: landing.versions, window: day, caps: "0" }
                        """);
        Random random = new Random(42);
        try (MetabaseDouble metabase = MetabaseDouble.start();
                database) {
            metabase.card(Card.between(31, "Versions", p -> next()));
            Map<String, String> settings = new HashMap<>(database.properties());
            settings.putAll(Map.of(
                    "metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1s"));
            for (int kill = 0; kill < KILLS; kill++) {
                int asked = version.get();
                try (SeraiProcess serai = SeraiProcess.start(folder, settings)) {
                    await("a run by process " + kill)
                            .atMost(Duration.ofSeconds(90))
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(2))
                            .until(() -> {
                                assertThat(serai.isAlive())
                                        .as(() -> "the process of kill, log at " + folder)
                                        .isTrue();
                                return version.get() > asked;
                            });
                    LockSupport.parkNanos(random.nextInt(1_500) * 1_000_000L);
                    serai.kill();
                }
                assertOneVersion(database, "after kill " + kill);
            }
            try (SeraiProcess serai = SeraiProcess.start(folder, settings)) {
                int last = version.get();
                await("a load after the last kill")
                        .atMost(Duration.ofSeconds(90))
                        .until(() -> versionInTable(database) > last);
                assertThat(serai.stop()).isIn(0, 143);
            }
            assertOneVersion(database, "at the end");
            assertThat(database.number("select count(*) from meta.runs where status = 'interrupted'"))
                    .as("kills that hit a run")
                    .isGreaterThanOrEqualTo(KILLS / 7);
            assertThat(database.number("select count(*) from meta.runs where status = 'ok'"))
                    .as("runs between the kills")
                    .isGreaterThanOrEqualTo(KILLS / 7);
        }
    }

    private CardReport next() {
        int v = version.incrementAndGet();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return CardReport.of(
                HEADER,
                IntStream.range(0, ROWS + v)
                        .mapToObj(i -> List.<Object>of(today.minusDays(i % 3), i, v, "row " + i))
                        .iterator());
    }

    /** The whole table has one version: that of the newest successful run, and of the days' totals. */
    private static void assertOneVersion(TestDatabase database, String when) throws SQLException {
        long rows = database.number("select count(*) from landing.versions");
        long loaded = database.number(
                "select coalesce((select rows_inserted from meta.runs where status = 'ok' order by run_id desc limit 1), 0)");
        assertThat(rows).as("rows " + when).isEqualTo(loaded);
        assertThat(database.number("select coalesce(sum(rows), 0) from meta.window_days"))
                .as("totals of days " + when)
                .isEqualTo(rows);
        if (rows > 0) {
            assertThat(database.number("select count(distinct version) from landing.versions"))
                    .as("versions " + when)
                    .isEqualTo(1);
            assertThat(database.number("select count(distinct k) from landing.versions"))
                    .as("distinct rows " + when)
                    .isEqualTo(rows);
            assertThat(database.number("select max(version) from landing.versions"))
                    .as("version " + when)
                    .isEqualTo(rows - ROWS);
        }
    }

    private static long versionInTable(TestDatabase database) throws SQLException {
        return database.number("select coalesce(max(version), 0) from landing.versions");
    }
}
