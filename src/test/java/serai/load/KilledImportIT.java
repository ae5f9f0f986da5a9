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
        for (String table : List.of("versions", "keyed")) {
            database.execute(
                    "create table landing." + table + " (day date not null, k int not null, version int, text text)");
        }
        ProjectFolder.copyTo(folder)
                .delete("routes/load/load-users.camel.yaml")
                .delete("routes/load/load-logins.camel.yaml")
                .delete("routes/load/load-web-sessions.camel.yaml")
                .write("routes/load/load-versions.camel.yaml", route("versions", ""))
                .write("routes/load/load-keyed.camel.yaml", route("keyed", ", key: k"));
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

    private static String route(String table, String key) {
        return """
                - route:
                    id: load-%s
                    from:
                      uri: kamelet:metabase-report
                      parameters: { card: 31, cron: "0/1 * * * * ?", lookback: 72h }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { table: landing.%s, window: day, caps: "0"%s }
                """.formatted(table, table, key);
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

    /** Each table has one whole version; without a key, that of the newest successful run, which inserted it all. */
    private static void assertOneVersion(TestDatabase database, String when) throws SQLException {
        long loaded = database.number(
                "select coalesce((select rows_inserted from meta.runs where status = 'ok' and source = 'load-versions'"
                        + " order by run_id desc limit 1), 0)");
        assertThat(database.number("select count(*) from landing.versions"))
                .as("rows " + when)
                .isEqualTo(loaded);
        for (String table : List.of("versions", "keyed")) {
            assertThat(database.value("select count(*) - count(distinct k) || ' ' || count(distinct version) || ' '"
                            + " || count(*) - max(version) from landing." + table))
                    .as("rows with one key, versions, and rows beyond those of the version in " + table + " " + when)
                    .isIn(null, "0 1 " + ROWS);
            assertThat(database.number(
                            "select coalesce(sum(rows), 0) - (select count(*) from landing." + table
                                    + ") from meta.window_days where relation = ?",
                            "landing." + table))
                    .as("totals of days of " + table + " " + when)
                    .isZero();
        }
    }

    private static long versionInTable(TestDatabase database) throws SQLException {
        return database.number("select least(coalesce((select max(version) from landing.versions), 0),"
                + " coalesce((select max(version) from landing.keyed), 0))");
    }
}
