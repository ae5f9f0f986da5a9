package serai.warehouse;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * PostgreSQL from Maven's binaries, with its data kept in a folder and durability switched on: the library's defaults
 * are meant for tests and lose committed rows at a power cut. Stopped by {@link #close()} and not by a shutdown hook,
 * because a hook would run beside Camel's and take the server away from routes that are still committing.
 */
final class EmbeddedServer implements AutoCloseable {

    private static final String PID = "postmaster.pid";
    /** As long as a command that reads the warehouse of a stopped instance may take. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final EmbeddedPostgres server;
    private final FolderLock lock;

    private EmbeddedServer(EmbeddedPostgres server, FolderLock lock) {
        this.server = server;
        this.lock = lock;
    }

    /** Starts the server, after any other process that has the folder, such as a command, has let go of it. */
    static EmbeddedServer start(Path data, int port) {
        Path folder = data.toAbsolutePath();
        FolderLock lock = null;
        try {
            lock = FolderLock.take(folder, PATIENCE)
                    .orElseThrow(() -> new IllegalStateException("Another process has the embedded" + " PostgreSQL in "
                            + folder + ". Stop it, or set warehouse.embedded.data to another folder."));
            EmbeddedServer started = new EmbeddedServer(server(folder, port), lock);
            lock = null;
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The embedded PostgreSQL did not start in " + folder + " on port " + port
                            + ". Is the port taken (warehouse.embedded.port), or the folder not to be written (warehouse.embedded.data)?",
                    e);
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }

    private static EmbeddedPostgres server(Path folder, int port) throws IOException {
        return EmbeddedPostgres.builder()
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
                .start();
    }

    String url() {
        return url(server.getPort());
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** Whether there is a database in the folder. */
    static boolean exists(Path data) {
        return Files.isRegularFile(data.resolve("postgres").resolve("PG_VERSION"));
    }

    /** The address of the server that another process runs on the folder; empty when none does. */
    static Optional<String> running(Path data) {
        Path folder = data.toAbsolutePath().resolve("postgres");
        try {
            return FolderLock.taken(data.toAbsolutePath()) ? Optional.of(url(port(folder))) : Optional.empty();
        } catch (IOException e) {
            // another user's instance, whose lock cannot be asked
            return Optional.of(folder).filter(f -> Files.exists(f.resolve(PID))).map(f -> url(port(f)));
        }
    }

    /** PostgreSQL notes its port in the fourth line of its PID file. */
    private static int port(Path folder) {
        try {
            return Integer.parseInt(
                    Files.readAllLines(folder.resolve(PID)).get(3).strip());
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalStateException(
                    "The embedded PostgreSQL in " + folder + " is just starting or stopping; try again.", e);
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            server.close();
        }
    }
}
