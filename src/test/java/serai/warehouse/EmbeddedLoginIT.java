package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may connect to the embedded server: only who can read the file with its password. */
class EmbeddedLoginIT {

    private Path folder;

    /** Not in the system's temporary folder, where the library deletes what looks old. */
    @BeforeEach
    void folder() throws Exception {
        folder = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "embedded-it")).toAbsolutePath(), "data");
    }

    @AfterEach
    void delete() throws Exception {
        FileUtils.deleteDirectory(folder.toFile());
    }

    private static String value(EmbeddedServer server, String password, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), "postgres", password)) {
            return Sql.on(connection)
                    .first(query, row -> row.result().getString(1))
                    .orElseThrow();
        }
    }

    private void requiresThePasswordOfTheFile(EmbeddedServer server) throws Exception {
        String password = Files.readString(folder.resolve("password"));
        assertThat(value(server, password, "select 'in'")).isEqualTo("in");
        for (String wrong : new String[] {"", "postgres", password + "x"}) {
            assertThatThrownBy(() -> value(server, wrong, "select 'in'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password");
        }
        assertThat(value(
                        server,
                        password,
                        "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256' or error is not"
                                + " null"))
                .isEqualTo("0");
        assertThat(value(
                        server,
                        password,
                        "select rolpassword like 'SCRAM-SHA-256%' from pg_authid where rolname =" + " 'postgres'"))
                .isEqualTo("t");
    }

    private void isPrivate() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("postgres"))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aNewServerHasAPasswordFromItsFirstMomentAndKeepsIt() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start(folder, 0)) {
            requiresThePasswordOfTheFile(server);
            isPrivate();
        }
        String password = Files.readString(folder.resolve("password"));
        try (EmbeddedServer server = EmbeddedServer.start(folder, 0)) {
            requiresThePasswordOfTheFile(server);
        }
        assertThat(Files.readString(folder.resolve("password"))).isEqualTo(password);
    }

    @Test
    void aFolderOfAVersionThatTrustedEveryLocalUserIsTakenOverWithItsData() throws Exception {
        try (EmbeddedPostgres old = EmbeddedPostgres.builder()
                        .setDataDirectory(folder.resolve("postgres"))
                        .setCleanDataDirectory(false)
                        .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                        .start();
                Connection connection = old.getPostgresDatabase().getConnection()) {
            Sql.on(connection).execute("create table kept as select 1 as one");
        }
        Files.writeString(
                folder.resolve("postgres/pg_hba.conf"),
                Files.readString(folder.resolve("postgres/pg_hba.conf"))
                        + "host all reader 127.0.0.1/32 scram-sha-256\n");
        try (EmbeddedServer server = EmbeddedServer.start(folder, 0)) {
            requiresThePasswordOfTheFile(server);
            isPrivate();
            assertThat(value(server, server.password(), "select one from kept")).isEqualTo("1");
            assertThat(Files.readString(folder.resolve("postgres/pg_hba.conf")))
                    .contains("host all reader 127.0.0.1/32 scram-sha-256");
        }
    }

    @Test
    void aLostPasswordIsReplacedAtTheNextStart() throws Exception {
        EmbeddedServer.start(folder, 0).close();
        String lost = Files.readString(folder.resolve("password"));
        Files.delete(folder.resolve("password"));
        try (EmbeddedServer server = EmbeddedServer.start(folder, 0)) {
            requiresThePasswordOfTheFile(server);
            assertThat(server.password()).isNotEqualTo(lost);
        }
    }
}
