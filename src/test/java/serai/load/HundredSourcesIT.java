package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.Gate;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** A hundred routes that import, a pool of five connections, and a server that ends idle sessions after 2 s. */
class HundredSourcesIT {

    private static final int SOURCES = 100;

    private final Gate answers = new Gate();
    private final AtomicInteger waiting = new AtomicInteger();

    @Test
    void allSourcesAreLoadedAndAgainAfterTheServerEndedTheIdleSessions(@TempDir Path folder) throws Exception {
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase = MetabaseDouble.start()) {
            database.execute("alter database " + database.value("select current_database()")
                    + " set idle_session_timeout = '2s'");
            ProjectFolder project = ProjectFolder.copyTo(
                    folder,
                    "routes/_errors.camel.yaml",
                    "routes/kamelets/{metabase-report,replace-window}.kamelet.yaml",
                    "routes/refresh/*",
                    "routes/show/*");
            for (int i = 0; i < SOURCES; i++) {
                database.execute("create table landing.days_" + i + " (day date not null, k int not null)");
                boolean slow = i % 2 == 0;
                metabase.card(Card.between(i + 1, "Days " + i, parameters -> slow ? slowReport() : report()));
                project.write("routes/load/load-days-" + i + ".camel.yaml", """
                        - route:
                            id: load-days-%d
                            from:
                              uri: kamelet:metabase-report
                              parameters: { card: %d, cron: "0 0 0 1 1 ? 2090", lookback: 72h }
                              steps:
                                - to:
                                    uri: kamelet:replace-window
                                    parameters: { table: landing.days_%d, window: day }
                        """.formatted(i, i + 1, i));
            }
            Map<String, String> settings = Map.of(
                    "metabase.url",
                    metabase.url(),
                    "metabase.api-key",
                    MetabaseDouble.API_KEY,
                    "warehouse.pool-size",
                    "5",
                    "load.retry",
                    "1h");
            try (RunningSerai serai = RunningSerai.start(folder, database, settings)) {
                // all are overdue at the start; half of them are asked for, and not answered
                Waiting.soon().until(() -> sources(database, "ok") == SOURCES / 2 && waiting.get() == SOURCES / 2);
                assertThat(database.number("select count(*) from pg_stat_activity where datname = current_database()"
                                + " and application_name like 'serai %'"))
                        .as("connections")
                        .isLessThanOrEqualTo(5);
                assertThat(database.rows("select pid, query from pg_stat_activity where datname = current_database()"
                                + " and xact_start < clock_timestamp() - interval '1 second'"))
                        .as("open transactions")
                        .isEmpty();
                assertThat(serai.runImport("load-days-1")).isEqualTo("unchanged");
                assertThat(serai.get("/status.json").statusCode()).isEqualTo(200);
                answers.open();
                Waiting.soon().until(() -> sources(database, "ok") == SOURCES);
                TimeUnit.SECONDS.sleep(3);
                for (int i = 0; i < SOURCES; i += 9) {
                    assertThat(serai.runImport("load-days-" + i)).isEqualTo("unchanged");
                }
            }
            assertThat(database.rows("select source, error from meta.runs where status not in ('ok', 'unchanged')"))
                    .isEmpty();
            assertThat(database.rows("select source from meta.leases where expires_at > clock_timestamp()"))
                    .isEmpty();
        }
    }

    private static long sources(TestDatabase database, String status) {
        return database.number("select count(distinct source) from meta.runs where status = ?", status);
    }

    private CardReport slowReport() {
        waiting.incrementAndGet();
        answers.pass();
        return report();
    }

    private static CardReport report() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        return CardReport.of(List.of("Day", "K"), List.of(List.of(today, 1), List.of(today.minusDays(1), 2)));
    }
}
