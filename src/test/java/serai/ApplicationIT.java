package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Route;
import org.junit.jupiter.api.Test;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** The whole process with the project's own files. */
class ApplicationIT {

    @Test
    void everyRouteStartsAndHealthMetricsAndThePageAnswer() throws Exception {
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase = MetabaseDouble.start()) {
            metabase.card(Card.between(12, "Sessions", p -> CardReport.raw("x\n")));
            try (RunningSerai serai = RunningSerai.start(
                    Path.of(""),
                    database,
                    Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY))) {
                assertThat(serai.context().getRoutes())
                        .extracting(Route::getRouteId)
                        .contains("load-web-sessions", "load-web-sessions.metabase-report", "show-page");
                for (Route route : serai.context().getRoutes()) {
                    assertThat(serai.context()
                                    .getRouteController()
                                    .getRouteStatus(route.getRouteId())
                                    .isStarted())
                            .as(route.getRouteId())
                            .isTrue();
                }
                // a consumer of files is healthy once it has looked into its folder
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(
                                        serai.management("/observe/health").statusCode())
                                .isEqualTo(200));
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(
                                        serai.management("/observe/metrics").body())
                                .contains("serai_load_source_condition_level{")
                                .contains("serai_show_warehouse_up"));
                assertThat(serai.get("/").body()).contains("<h1").contains("load-web-sessions");
                assertThat(serai.get("/status.json").body()).startsWith("{").contains("\"sources\"");
                assertThat(database.rows("select file, reason from meta.edits where status = 'refused'"))
                        .isEmpty();
            }
        }
    }
}
