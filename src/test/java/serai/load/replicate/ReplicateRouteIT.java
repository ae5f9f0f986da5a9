package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.Waiting;

/** A route as an operator writes it. */
class ReplicateRouteIT {

    static final String ROUTE = """
            # The product's database, without what is personal.
            - route:
                id: load-app
                from:
                  uri: kamelet:replicate
                  parameters: { database: app, mapping: mappings/app.yaml, slot: "%s", publication: "%s" }
                  steps:
                    - log: "${body}"
            """;

    static final String MAPPING = """
            tables:
              - public.users
            without:
              - public.users.email
            mask:
              public.users.name: hash-salted
            """;

    static Map<String, String> settings(SourceFixture fixture) {
        Map<String, String> settings = new HashMap<>(fixture.target.properties());
        settings.put("replicate.app.url", fixture.database().url());
        settings.put("replicate.app.user", fixture.database().user());
        settings.put("replicate.app.password", fixture.database().password());
        settings.put("replicate.mask-key", "a key of more than sixteen characters");
        return settings;
    }

    @Test
    void theRouteReplicatesByItsMapping(@TempDir Path folder) throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table users (id int primary key, name text, email text, team int);
                    create table secrets (id int primary key, secret text);
                    insert into users values (1, 'Ada', 'marker@example.org', 7), (2, null, null, null)""");
            ProjectFolder.copyTo(folder, "routes/kamelets/replicate.kamelet.yaml", "routes/_errors.camel.yaml")
                    .write("routes/load/load-app.camel.yaml", ROUTE.formatted(fixture.slot(), fixture.slot()))
                    .write("mappings/app.yaml", MAPPING);
            try (RunningSerai serai = RunningSerai.start(folder, fixture.target, settings(fixture))) {
                fixture.await();
                fixture.source.execute("update users set team = 8 where id = 1;"
                        + " insert into users values (3, 'Ada', 'marker@example.org', 9)");
                fixture.await();
                assertThat(serai.context()
                                .getRouteController()
                                .getRouteStatus("load-app")
                                .isStarted())
                        .isTrue();
            }
            assertThat(fixture.target.rows("select id, length(name), team from app.users order by id"))
                    .containsExactly("1|64|8", "2|null|null", "3|64|9");
            assertThat(fixture.target.number("select count(distinct name) from app.users"))
                    .isEqualTo(1);
            assertThat(fixture.target.rows("select column_name from information_schema.columns"
                            + " where table_schema = 'app' order by 1"))
                    .containsExactly("id", "name", "team");
            assertThat(fixture.target.value("select kind from meta.sources where source = 'load-app'"))
                    .isEqualTo("replicate");
            Waiting.soon()
                    .until(() -> fixture.source.number("select count(*) from pg_replication_slots where slot_name = '"
                                    + fixture.slot() + "' and active")
                            == 0);
        }
    }

    @Test
    void aRouteBeginsAndEndsWithItsFileWhileSeraiRuns(@TempDir Path folder) throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("create table users (id int primary key, name text, email text, team int)");
            ProjectFolder project = ProjectFolder.copyTo(
                            folder, "routes/kamelets/replicate.kamelet.yaml", "routes/_errors.camel.yaml")
                    .write("mappings/app.yaml", MAPPING);
            try (RunningSerai serai = RunningSerai.start(folder, fixture.target, settings(fixture))) {
                for (int id = 1; id <= 2; id++) {
                    project.write("routes/load/load-app.camel.yaml", ROUTE.formatted(fixture.slot(), fixture.slot()));
                    Waiting.soon().until(() -> isReading(fixture));
                    fixture.source.execute("insert into users values (" + id + ", null, null, " + id + ")");
                    fixture.await();
                    Files.delete(folder.resolve("routes/load/load-app.camel.yaml"));
                    Waiting.soon().until(() -> !isReading(fixture));
                }
            }
            assertThat(fixture.target.rows("select id, team from app.users order by id"))
                    .containsExactly("1|1", "2|2");
        }
    }

    private static boolean isReading(SourceFixture fixture) {
        return fixture.source.value("select 1 from pg_replication_slots where slot_name = ? and active", fixture.slot())
                != null;
    }
}
