package serai.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * PostgreSQL from Maven's binaries, with its data kept in a folder and durability switched on: the library's defaults are meant for
 * tests and lose committed rows at a power cut. Stopped by {@link #close()} and not by a shutdown hook, because a hook would run beside
 * Camel's and take the server away from routes that are still committing.
 */
final class EmbeddedServer implements AutoCloseable {

    private final EmbeddedPostgres server;

    private EmbeddedServer(EmbeddedPostgres server) {
        this.server = server;
    }

    static EmbeddedServer start(Path data, int port) {
        Path folder = data.toAbsolutePath();
        try {
            Files.createDirectories(folder);
            return new EmbeddedServer(EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(folder.resolve("postgres"))
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(folder.resolve("binaries").toFile())
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(Duration.ofMinutes(2))
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("max_connections", "60")
                    .setServerConfig("shared_buffers", "256MB")
                    .setServerConfig("max_wal_size", "4GB")
                    .setServerConfig("timezone", "UTC")
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL did not start in " + folder + " on port " + port
                    + ". Is the port taken (warehouse.embedded.port), or the folder used by another process (warehouse.embedded.data)?", e);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
