package serai.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.demo.CardReport;
import serai.demo.Failure;
import serai.demo.MetabaseDouble;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

class RetryIT {

    private static final String STATUSES =
            "select status from meta.runs where source = 'load-logins' and status <> 'running' order by run_id";

    @Test
    void aRunThatFailedOrWasHeldIsRepeatedSoonUntilOneSucceeds() throws Exception {
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase = MetabaseDouble.start()) {
            metabase.card(
                            13,
                            p -> CardReport.of(
                                    List.of("Login At", "User ID", "Device"),
                                    List.of(List.of(LocalDate.now(ZoneOffset.UTC), 1, "web"))))
                    .always(Failure.UNAVAILABLE);
            try (RunningSerai serai = RunningSerai.start(
                    Path.of(""),
                    database,
                    Map.of(
                            "metabase.url",
                            metabase.url(),
                            "metabase.api-key",
                            MetabaseDouble.API_KEY,
                            "load.retry",
                            "1s"))) {
                assertThat(serai.firstImport("load-logins")).isEqualTo("failed");
                metabase.always(Failure.HTML_AS_CSV);
                awaitStatus(database, "held");
                metabase.always(Failure.OK);
                awaitStatus(database, "ok");
                int runs = database.rows(STATUSES).size();
                await().during(Duration.ofSeconds(3))
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> database.rows(STATUSES).size() == runs);
            }
        }
    }

    private static void awaitStatus(TestDatabase database, String status) {
        await(status)
                .atMost(Duration.ofSeconds(30))
                .until(() -> database.rows(STATUSES).contains(status));
    }
}
