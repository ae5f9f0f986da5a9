package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** A table of which row-level security hides rows from Serai's role, which is neither a superuser nor the owner. */
class HiddenRowsIT {

    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    @Test
    void aTableOfWhichRowSecurityHidesRowsIsNotLoadedUntilTheRoleSeesThemAll(@TempDir Path folder) throws Exception {
        String rows = "day,k\n" + TODAY + ",5\n" + TODAY + ",50\n";
        ProjectFolder project = ProjectFolder.copyTo(
                        folder,
                        "routes/_errors.camel.yaml",
                        "routes/kamelets/{metabase-report,replace-window}.kamelet.yaml")
                .write("routes/load/load-rows.camel.yaml", """
                        - route:
                            id: load-rows
                            from:
                              uri: kamelet:metabase-report
                              parameters: { card: 41, cron: "0 0 0 1 1 ? 2090", lookback: 24h }
                              steps:
                                - to:
                                    uri: kamelet:replace-window
                                    parameters: { table: landing.rows, window: day, minShare: 0 }
                        """);
        try (TestDatabase database = new TestDatabase();
                MetabaseDouble metabase =
                        MetabaseDouble.start().card(Card.between(41, "Rows", p -> CardReport.raw(rows)))) {
            database.execute("""
                    create table landing.rows (day date not null, k int);
                    alter table landing.rows enable row level security;
                    create policy few on landing.rows using (k < 10) with check (true);
                    create role serai_clerk login password 'clerk';
                    grant usage on schema meta, landing, public to serai_clerk;
                    grant all on all tables in schema meta, landing, public to serai_clerk;
                    grant all on all sequences in schema meta to serai_clerk""");
            try (RunningSerai serai = RunningSerai.start(
                    project.root(),
                    database,
                    Map.of(
                            "warehouse.url",
                            database.url().replaceAll("\\?.*", ""),
                            "warehouse.user",
                            "serai_clerk",
                            "warehouse.password",
                            "clerk",
                            "metabase.url",
                            metabase.url(),
                            "metabase.api-key",
                            MetabaseDouble.API_KEY))) {
                assertThat(serai.firstImport("load-rows")).isEqualTo("held");
                assertThat(database.value("select error from meta.runs"))
                        .contains("hides rows of landing.rows", "BYPASSRLS");
                database.execute("alter role serai_clerk bypassrls");
                assertThat(serai.runImport("load-rows")).isEqualTo("ok");
                assertThat(serai.runImport("load-rows")).isEqualTo("unchanged");
                assertThat(database.rows("select k from landing.rows order by k"))
                        .containsExactly("5", "50");
            } finally {
                database.execute("drop owned by serai_clerk; drop role serai_clerk");
            }
        }
    }
}
