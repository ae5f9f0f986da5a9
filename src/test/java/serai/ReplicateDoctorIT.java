package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;

/** What the command {@code doctor} says of a database that is to be replicated by a user with few rights. */
class ReplicateDoctorIT {

    private static final String PASSWORD = "mark-of-the-password";

    @TempDir
    Path root;

    private final TestDatabase warehouse = new TestDatabase();
    private final TestDatabase source = TestDatabase.empty();

    @BeforeEach
    void project() throws Exception {
        source.execute("create role serai_doctor login password '" + PASSWORD + "'");
        source.execute("""
                create schema other; create table other.notes (id int primary key, text text);
                create table users (id int primary key, email text); create table keyless (id int)""");
        ProjectFolder.copyTo(root, "routes/kamelets/replicate.kamelet.yaml", "routes/_errors.camel.yaml")
                .write("routes/load/load-app.camel.yaml", """
                        - route:
                            id: load-app
                            from:
                              uri: kamelet:replicate
                              parameters: { database: "{{app.name}}", mapping: mappings/app.json }
                        """)
                .write("mappings/app.json", """
                        {"rules": [
                          {"rule-type": "selection", "rule-id": "1", "rule-name": "1", "rule-action": "include",
                           "object-locator": {"schema-name": "%", "table-name": "%"}, "filters": []},
                          {"rule-type": "transformation", "rule-id": "2", "rule-name": "2", "rule-target": "column",
                           "rule-action": "remove-column",
                           "object-locator": {"schema-name": "public", "table-name": "users", "column-name": "email"}}]}
                        """);
        Files.writeString(root.resolve("application.properties"), """
                camel.server.port = %d
                camel.management.port = %d
                warehouse.url = %s
                replicate.app.url = %s
                replicate.app.user = serai_doctor
                replicate.app.password = %s
                app.name = app
                """.formatted(
                        SeraiProcess.freePort(),
                        SeraiProcess.freePort(),
                        warehouse.url(),
                        source.url().replaceAll("\\?.*", ""),
                        PASSWORD));
    }

    @AfterEach
    void close() {
        source.execute("alter system reset max_slot_wal_keep_size");
        source.execute("select pg_reload_conf()");
        source.execute("drop publication if exists serai_load_app; drop owned by serai_doctor; drop role serai_doctor");
        source.close();
        warehouse.close();
    }

    private List<String> doctor() {
        StringWriter out = new StringWriter();
        Commands.run(root, new PrintWriter(out), new PrintWriter(out), "doctor");
        assertThat(out.toString()).doesNotContain(PASSWORD);
        String[] lines = out.toString().replace("\n         fix: ", " FIX: ").split("\n");
        return Arrays.stream(lines).filter(line -> line.contains("replicate.")).toList();
    }

    @Test
    void itListsWhatIsMissingUntilAllIsThere() {
        List<String> lines = doctor();
        assertThat(lines)
                .anyMatch(line ->
                        line.startsWith("problem  replicate.app: its user \"serai_doctor\" may not read the log")
                                && line.endsWith("FIX: alter role \"serai_doctor\" replication;"))
                .anyMatch(line -> line.contains("its max_slot_wal_keep_size is unlimited"))
                .anyMatch(
                        line -> line.startsWith("problem  replicate.app load-app: the table public.keyless cannot be"))
                .anyMatch(line -> line.contains("its user may not read other.notes, public.users")
                        && line.endsWith("FIX: grant usage on schema other to serai_doctor;"
                                + " grant select on other.notes, public.users to serai_doctor;"))
                .anyMatch(line -> line.contains("its user may not create the publication")
                        && line.contains("create publication \"serai_load_app\" for table only \"other\".\"notes\","))
                .anyMatch(line -> line.startsWith("ok       replicate.app load-app: 2 of 2 rules"));

        source.execute("alter system set max_slot_wal_keep_size = '20GB'");
        source.execute("select pg_reload_conf()");
        source.execute("""
                alter role serai_doctor replication; drop table keyless; grant usage on schema other to serai_doctor;
                grant select on other.notes to serai_doctor; grant select (id) on users to serai_doctor;
                create publication serai_load_app for table other.notes with (publish_via_partition_root = true)""");
        assertThat(doctor())
                .filteredOn(line -> line.startsWith("problem"))
                .satisfiesExactly(
                        line -> assertThat(line).contains("does not own the publication", "owner to \"serai_doctor\";"),
                        line -> assertThat(line)
                                .contains("alter publication \"serai_load_app\" add table public.users;"));

        source.execute("alter publication serai_load_app add table users; do $$ begin execute"
                + " format('grant create on database %I to serai_doctor', current_database()); end $$;"
                + " alter publication serai_load_app owner to serai_doctor");
        assertThat(doctor())
                .noneMatch(line -> line.startsWith("problem"))
                .anyMatch(line -> line.matches("ok       replicate.app: PostgreSQL .* can be replicated"))
                .contains("ok       replicate.app load-app: 2 tables can be replicated");
    }

    @Test
    void aWrongMappingOrLoginIsNamed() throws Exception {
        Files.writeString(root.resolve("mappings/app.json"), "{\"rules\": []}");
        Path settings = root.resolve("application.properties");
        Files.writeString(settings, Files.readString(settings).replace("user = serai_doctor", "user = nobody_here"));
        assertThat(doctor())
                .anyMatch(line -> line.startsWith("problem  replicate.app: route load-app: mapping: ")
                        && line.contains("mappings/app.json:1: nothing is selected"))
                .anyMatch(line -> line.contains("refused the login: ")
                        && line.endsWith("FIX: check replicate.app.url, .user and .password"));
    }
}
