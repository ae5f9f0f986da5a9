package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.ProjectFolder;
import serai.testing.Rounds;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/**
 * A hundred sources are polled every ten seconds on a pool of five connections; a quarter answers after 15 s, a quarter
 * sends byte by byte. It takes 40 s, and with {@code -Plong} an hour, and prints what it sampled.
 */
class HourOfPollsIT {

    private static final int SOURCES = 100;
    private static final int POOL = 5;
    private static final int EVERY_SECONDS = 10;
    private static final Duration DURATION = Duration.ofSeconds(Rounds.of(40, 3600));

    private final AtomicInteger version = new AtomicInteger();
    private final List<Long> connections = new ArrayList<>();
    private final List<Long> transactions = new ArrayList<>();
    private final List<Long> longestMillis = new ArrayList<>();
    private final List<Long> pageMillis = new ArrayList<>();

    @Test
    void everyPollRunsAndThePageStaysQuickThoughHalfOfTheSourcesAreSlow(@TempDir Path folder) throws Exception {
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase = MetabaseDouble.start()) {
            ProjectFolder project = ProjectFolder.copyTo(
                    folder,
                    "routes/_errors.camel.yaml",
                    "routes/kamelets/{metabase-report,replace-window}.kamelet.yaml",
                    "routes/show/*");
            for (int i = 0; i < SOURCES; i++) {
                int source = i;
                database.execute("create table landing.polls_" + i + " (day date not null, k int not null)");
                metabase.card(Card.between(i + 1, "Polls " + i, parameters -> answer(source)));
                project.write("routes/load/load-polls-" + i + ".camel.yaml", route(i));
            }
            Map<String, String> settings = Map.of(
                    "metabase.url",
                    metabase.url(),
                    "metabase.api-key",
                    MetabaseDouble.API_KEY,
                    "warehouse.pool-size",
                    String.valueOf(POOL));
            try (RunningSerai serai = RunningSerai.start(folder, database, settings)) {
                long end = System.nanoTime() + DURATION.toNanos();
                while (System.nanoTime() < end) {
                    sample(database, serai);
                    TimeUnit.MILLISECONDS.sleep(200);
                }
                // a slow source needs up to half a minute for one report
                Waiting.soon().until(() -> loaded(database) == SOURCES);
            }
            print(database);
            check(database);
        }
    }

    private static String route(int source) {
        return """
                - route:
                    id: load-polls-%d
                    from:
                      uri: kamelet:metabase-report
                      parameters: { card: %d, cron: "%d/%d * * * * ?", lookback: 24h }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { table: landing.polls_%d, window: day }
                """.formatted(source, source + 1, source % EVERY_SECONDS, EVERY_SECONDS, source);
    }

    /** Each report is another one, so that each poll writes. */
    private CardReport answer(int source) {
        String csv = "Day,K\n" + LocalDate.now(ZoneOffset.UTC) + "," + version.incrementAndGet() + "\n";
        InputStream bytes = new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8));
        if (source % 4 == 0) {
            sleep(15_000);
        }
        return CardReport.raw(source % 4 == 2 ? new Dripping(bytes) : bytes);
    }

    private static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives a byte every half a second. */
    private static final class Dripping extends FilterInputStream {

        Dripping(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            sleep(500);
            return super.read(buffer, offset, Math.min(length, 1));
        }
    }

    private void sample(TestDatabase database, RunningSerai serai) throws Exception {
        String[] now = database.value("""
                        select count(*), count(xact_start),
                          coalesce(max(extract(epoch from clock_timestamp() - xact_start) * 1000), 0)::bigint
                        from pg_stat_activity
                        where datname = current_database() and application_name like 'serai %'""").split("\\|");
        connections.add(Long.valueOf(now[0]));
        transactions.add(Long.valueOf(now[1]));
        longestMillis.add(Long.valueOf(now[2]));
        long asked = System.nanoTime();
        assertThat(serai.get("/status.json").statusCode()).isEqualTo(200);
        pageMillis.add(Duration.ofNanos(System.nanoTime() - asked).toMillis());
    }

    private void print(TestDatabase database) {
        Collections.sort(pageMillis);
        System.out.printf(
                "%d s with %d sources on a pool of %d: %s runs; at most %d connections, %d open transactions, the"
                        + " longest %d ms; the page in %d ms (half), %d ms (99 %%), %d ms (all)%n",
                DURATION.toSeconds(),
                SOURCES,
                POOL,
                database.rows("select status, count(*) from meta.runs group by 1 order by 1"),
                Collections.max(connections),
                Collections.max(transactions),
                Collections.max(longestMillis),
                page(50),
                page(99),
                page(100));
    }

    private long page(int percent) {
        return pageMillis.get((pageMillis.size() - 1) * percent / 100);
    }

    private static long loaded(TestDatabase database) {
        return database.number("select count(distinct source) from meta.runs where status = 'ok'");
    }

    private void check(TestDatabase database) {
        assertThat(database.rows("select source, status, error from meta.runs where status not in ('ok', 'unchanged')"
                        + " and error is distinct from 'The process ended during this run.'"))
                .isEmpty();
        long polls = DURATION.toSeconds() / EVERY_SECONDS;
        assertThat(database.rows(
                        "select source, count(*) from meta.runs where substr(source, 12)::int % 2 = 1 group by 1"
                                + " having count(*) < ?",
                        polls - 2))
                .as("sources that answer at once, and were not polled each time")
                .isEmpty();
        assertThat(Collections.max(connections)).as("connections").isLessThanOrEqualTo(POOL);
        assertThat(Collections.max(longestMillis))
                .as("the longest transaction, ms")
                .isLessThan(5_000);
        assertThat(page(50)).as("the page, ms").isLessThan(500);
    }
}
