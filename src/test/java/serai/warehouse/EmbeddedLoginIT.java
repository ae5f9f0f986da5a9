package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may connect to the embedded server: only who can read the file with its password. */
class EmbeddedLoginIT {

    private static final int PROTOCOL_3 = 3 << 16;
    private static final int SASL = 10;

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

    /**
     * Only root can become another user to try it. For others the rights of the folder have to do: without them no one
     * else gets to what is in it.
     */
    @Test
    void anotherUserOfTheMachineReadsNoFileOfTheServer(@TempDir Path shared) throws Exception {
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path open = Files.writeString(shared.resolve("open"), "open");
        Path data = shared.resolve("data");
        try (EmbeddedServer server = EmbeddedServer.start(data, 0)) {
            assertThat(server.password()).isNotEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                    .isEqualTo("rwx------");
            if (Files.getAttribute(open, "unix:uid").equals(0)) {
                assertThat(asNobody("cat", open)).isEqualTo("open");
                for (String file : List.of("password", "serai.lock", "postgres/PG_VERSION", "postgres/pg_hba.conf")) {
                    assertThat(asNobody("cat", data.resolve(file))).contains("Permission denied");
                }
                for (String path : List.of("", "postgres", "binaries")) {
                    assertThat(asNobody("ls", data.resolve(path))).contains("Permission denied");
                }
            }
        }
    }

    private static String asNobody(String command, Path path) throws Exception {
        Process process = new ProcessBuilder(
                        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", command, path.toString())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aConnectionWithoutAPasswordIsRefusedByPortAndBySocketFile() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start(folder, 0)) {
            int port = URI.create(server.url().substring("jdbc:".length())).getPort();
            List<SocketAddress> addresses = new ArrayList<>(List.of(new InetSocketAddress("127.0.0.1", port)));
            for (String sockets : value(server, server.password(), "show unix_socket_directories")
                    .split(",\\s*")) {
                addresses.add(UnixDomainSocketAddress.of(Path.of(sockets, ".s.PGSQL." + port)));
            }
            for (SocketAddress address : addresses) {
                assertThat(authentication(address)).as(address.toString()).isEqualTo(SASL);
            }
        }
    }

    /** What the server asks of a user who sends only his name; 0 when he is in. */
    private static int authentication(SocketAddress address) throws IOException {
        byte[] parameters = "user\0postgres\0database\0postgres\0\0".getBytes(StandardCharsets.UTF_8);
        try (SocketChannel channel = SocketChannel.open(address)) {
            channel.write(ByteBuffer.allocate(parameters.length + 8)
                    .putInt(parameters.length + 8)
                    .putInt(PROTOCOL_3)
                    .put(parameters)
                    .flip());
            DataInputStream answer = new DataInputStream(Channels.newInputStream(channel));
            assertThat((char) answer.readByte()).isEqualTo('R');
            answer.readInt();
            return answer.readInt();
        }
    }
}
