package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Ga4Double;
import serai.demo.MetabaseDouble;
import serai.demo.Product;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** The documented route that takes the web sessions from Google Analytics, beside the shipped one by Metabase. */
class Ga4RouteIT {

    private static final String SOURCE = "load-web-sessions";
    private static final String ROWS = """
            select * from landing.web_sessions
            order by session_date, source, medium, campaign, landing_page, country, device""";

    @TempDir
    Path folder;

    @Test
    void webSessionsAreTheSameRowsByMetabaseAndByGoogleAlsoAfterTheirRestatement() throws Exception {
        Product product = Product.of(7, LocalDate.now(ZoneOffset.UTC));
        AtomicReference<Instant> clock = new AtomicReference<>(Instant.now().minus(Duration.ofDays(1)));
        try (MetabaseDouble metabase = MetabaseDouble.start();
                Ga4Double google = Ga4Double.start();
                TestDatabase byMetabase = new TestDatabase();
                TestDatabase byGoogle = new TestDatabase()) {
            product.publish(metabase, clock::get);
            product.publish(google, "123456789", clock::get);
            Map<String, String> settings = new HashMap<>(Map.of(
                    "load.since",
                    LocalDate.now(ZoneOffset.UTC).minusDays(20).toString(),
                    "metabase.url",
                    metabase.url(),
                    "metabase.api-key",
                    MetabaseDouble.API_KEY,
                    "ga4.url",
                    google.url(),
                    "ga4.key-file",
                    google.keyFile(folder.resolve("key.json")).toString()));
            try (RunningSerai one = RunningSerai.start(project("metabase").root(), byMetabase, settings);
                    RunningSerai other = RunningSerai.start(withTheRoute(project("google")), byGoogle, settings)) {
                assertThat(one.firstImport(SOURCE)).isEqualTo("ok");
                assertThat(other.firstImport(SOURCE)).isEqualTo("ok");
                List<String> first = byMetabase.rows(ROWS);
                assertThat(first).hasSizeGreaterThan(1000);
                assertThat(byGoogle.rows(ROWS)).isEqualTo(first);

                clock.set(Instant.now());
                assertThat(one.runImport(SOURCE)).isEqualTo("ok");
                assertThat(other.runImport(SOURCE)).isEqualTo("ok");
                assertThat(byMetabase.rows(ROWS)).isNotEqualTo(first);
                assertThat(byGoogle.rows(ROWS)).isEqualTo(byMetabase.rows(ROWS));
            }
        }
    }

    private ProjectFolder project(String name) throws Exception {
        return ProjectFolder.copyTo(
                folder.resolve(name),
                "routes/_errors.camel.yaml",
                "routes/load/load-web-sessions.camel.yaml",
                "routes/kamelets/{metabase-report,ga4-report,replace-window}.kamelet.yaml");
    }

    private static Path withTheRoute(ProjectFolder project) throws Exception {
        Page.Block block = Page.blocks("instead").get(0);
        return project.write(block.argument(), block.text()).root();
    }
}
