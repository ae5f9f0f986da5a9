package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

class AbandonedRunIT {

    @TempDir
    Path folder;

    @Test
    void aRunWhoseInstanceDiedIsMadeUpForWithin15SecondsThoughTheNextFiringIsFarAway() throws Exception {
        ProjectFolder.copyTo(
                        folder,
                        "routes/_errors.camel.yaml",
                        "routes/kamelets/{metabase-report,replace-window}.kamelet.yaml")
                .write("routes/load/load-days.camel.yaml", """
                        - route:
                            id: load-days
                            from:
                              uri: kamelet:metabase-report
                              parameters: { card: 7, cron: "0 0 0 1 1 ? 2099", lookback: 24h }
                              steps:
                                - to:
                                    uri: kamelet:replace-window
                                    parameters: { table: landing.days, window: day }
                        """);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase = MetabaseDouble.start()
                        .card(Card.between(
                                7,
                                "Days",
                                parameters -> CardReport.of(
                                        List.of("Day"),
                                        List.<List<Object>>of(List.of(today)).iterator())))) {
            database.execute("create table landing.days (day date not null)");
            // the newest run is of another instance, which renews its lease
            database.execute("""
                    insert into meta.runs (source, kind, started_at) values ('load-days', 'metabase-report', now());
                    insert into meta.leases (source, owner, epoch, expires_at)
                    values ('load-days', 'other', 1, clock_timestamp() + interval '1 hour')""");
            try (RunningSerai serai = RunningSerai.start(
                    folder,
                    database,
                    Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY))) {
                Waiting.soon()
                        .until(() -> database.value("select 'x' from meta.sources where source = 'load-days'") != null);
                assertThat(database.value("select count(*) from meta.runs where status = 'ok'"))
                        .isEqualTo("0");

                // it dies, after it wrote that it would try again
                database.execute("update meta.sources set attempt = 2, next_try = now() - interval '1 hour'");
                database.execute("update meta.leases set expires_at = clock_timestamp() + interval '2 seconds'");
                long died = System.nanoTime();
                Waiting.soon().until(() -> database.value("select 'x' from meta.runs where status = 'ok'") != null);
                assertThat(Duration.ofNanos(System.nanoTime() - died)).isLessThan(Duration.ofSeconds(15));
                assertThat(database.value("select count(*) from meta.runs where status = 'interrupted'"))
                        .isEqualTo("1");
                assertThat(database.value("select count(*) from landing.days")).isEqualTo("1");
                // otherwise it would be imported again and again
                Waiting.soon()
                        .until(() ->
                                database.value("select 'x' from meta.sources where attempt = 0 and next_try is null")
                                        != null);
            }
        }
    }
}
