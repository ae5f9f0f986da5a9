package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.command.DoctorFinding;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestMariaDb;

/** A route follows a MariaDB server by its mapping, and doctor says what is missing. */
class MariaDbRouteIT {

    private static final String ROUTE = """
            - route:
                id: load-shop
                from:
                  uri: kamelet:replicate
                  parameters: { database: shop, mapping: mappings/shop.yaml, schema: app }
                  steps:
                    - log: "${body}"
            """;

    private static final String MARKER = "marker-7f3a";

    private static Map<String, String> settings(MariaDbFixture fixture, String user, String password) {
        Map<String, String> settings = new HashMap<>(fixture.target.properties());
        settings.put("replicate.shop.url", fixture.source.url());
        settings.put("replicate.shop.user", user);
        settings.put("replicate.shop.password", password);
        settings.put("replicate.mask-key", "a key of more than sixteen characters");
        return settings;
    }

    private static ProjectFolder project(Path folder, MariaDbFixture fixture) throws Exception {
        String schema = fixture.source.name();
        return ProjectFolder.copyTo(folder, "routes/kamelets/replicate.kamelet.yaml", "routes/_errors.camel.yaml")
                .write("routes/load/load-shop.camel.yaml", ROUTE)
                .write("mappings/shop.yaml", """
                        tables:
                          - %1$s.users
                        without:
                          - %1$s.users.email
                        mask:
                          %1$s.users.name: hash-salted
                        """.formatted(schema));
    }

    @Test
    void aRouteFollowsAServerByItsMapping(@TempDir Path folder) throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("""
                    create table users (id int primary key, name varchar(50), email varchar(50), team int);
                    create table secrets (id int primary key, secret text);
                    insert into secrets values (1, '%1$s');
                    insert into users values (1, '%1$s Ada', '%1$s@example.org', 7), (2, null, null, null)""".formatted(MARKER));
            project(folder, fixture);
            try (RunningSerai serai = RunningSerai.start(
                    folder, fixture.target, settings(fixture, TestMariaDb.USER, TestMariaDb.PASSWORD))) {
                fixture.await();
                fixture.source.execute("update users set team = 8 where id = 1;\n" + "insert into users values (3, '"
                        + MARKER + " Ada', '" + MARKER + "@example.org', 9)");
                fixture.await();
                assertThat(serai.context()
                                .getRouteController()
                                .getRouteStatus("load-shop")
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
            assertThat(fixture.target.value("select string_agg(t::text, '') from app.users t"))
                    .doesNotContain(MARKER);
            assertThat(
                            fixture.target.rows(
                                    "select t::text from meta.replicated_sources t union all select t::text from meta.rejects t"))
                    .noneMatch(row -> row.contains(MARKER));
        }
    }

    @Test
    void aProcessIsKilled(@TempDir Path folder) throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute(
                    "create table users (id int primary key, name varchar(50), email varchar(50), team int)");
            project(folder, fixture);
            Map<String, String> settings = settings(fixture, TestMariaDb.USER, TestMariaDb.PASSWORD);
            for (int kill = 0; kill < 2; kill++) {
                try (SeraiProcess serai = SeraiProcess.start(folder, settings)) {
                    int first = kill * 1_000;
                    fixture.source.execute("insert into users select " + first + " + seq, 'x', 'e', " + kill
                            + " from seq_1_to_500;\nupdate users set team = team + 1 where id % 3 = 0");
                    fixture.await();
                    fixture.source.execute("delete from users where id % 5 = " + kill);
                    serai.kill();
                }
            }
            try (SeraiProcess serai = SeraiProcess.start(folder, settings)) {
                fixture.await();
                serai.requireAlive();
                fixture.assertEqual("users", "id, team");
            }
            // the reader of the log has a logging of its own
            assertThat(Files.readAllLines(folder.resolve("serai.log")))
                    .noneMatch(line -> line.startsWith("INFO:"))
                    .noneMatch(line -> line.contains(TestMariaDb.PASSWORD));
        }
    }

    @Test
    void doctorListsWhatIsMissingUntilAllIsThere(@TempDir Path folder) throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("create table users (id int primary key, name varchar(50), email varchar(50))");
            String user = "doctor_" + fixture.source.name();
            fixture.source.execute("create user '" + user + "'@'%' identified by 'pass-of-doctor'");
            fixture.source.execute("grant select on " + fixture.source.name() + ".* to '" + user + "'@'%'");
            fixture.source.execute("set global binlog_row_metadata = 'MINIMAL'");
            try {
                project(folder, fixture);
                assertThat(doctor(fixture, user))
                        .anyMatch(line -> line.contains("its binlog_row_metadata is MINIMAL")
                                && line.contains("set global binlog_row_metadata = 'FULL';"))
                        .anyMatch(line -> line.contains("may not read the log (REPLICATION SLAVE)")
                                && line.contains("grant replication slave on *.* to '" + user + "'@'%';"))
                        .anyMatch(line -> line.contains("may not read the log (BINLOG MONITOR)"));
                fixture.source.execute("set global binlog_row_metadata = 'FULL'");
                fixture.source.execute("grant replication slave on *.* to '" + user + "'@'%'");
                fixture.source.execute("grant binlog monitor on *.* to '" + user + "'@'%'");
                assertThat(doctor(fixture, user))
                        .allMatch(line -> line.contains("ok=true"))
                        .anyMatch(line -> line.contains("is reached and can be replicated"))
                        .anyMatch(line -> line.contains("1 tables can be replicated"));
                try (RunningSerai serai =
                        RunningSerai.start(folder, fixture.target, settings(fixture, user, "pass-of-doctor"))) {
                    fixture.source.execute("insert into users values (1, 'Ada', 'x')");
                    fixture.await();
                    assertThat(serai.context().getStatus().isStarted()).isTrue();
                }
                assertThat(fixture.target.number("select count(*) from app.users"))
                        .isEqualTo(1);
            } finally {
                fixture.source.execute("set global binlog_row_metadata = 'FULL'");
                fixture.source.execute("drop user '" + user + "'@'%'");
            }
        }
    }

    private static List<String> doctor(MariaDbFixture fixture, String user) throws Exception {
        try (Connection connection =
                SourceDatabase.of(fixture.source.url(), user, "pass-of-doctor").connect()) {
            List<DoctorFinding> findings = new ArrayList<>(new MariaDbDiagnosis("replicate.shop", connection).look());
            findings.addAll(new ReplicatedTablesDiagnosis("replicate.shop", fixture.plan(), connection).look());
            return findings.stream().map(DoctorFinding::toString).toList();
        }
    }
}
