package serai.warehouse;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * PostgreSQL from binaries in Maven, with its data in a folder. Durability is on: the library's defaults are for tests
 * and lose committed rows in a power failure. {@link #close()} stops it and not a shutdown hook, which would run in
 * parallel with Camel's and stop the server while routes still commit.
 */
final class EmbeddedServer implements AutoCloseable {

    private static final String PID = "postmaster.pid";
    /** How long to wait for another process, such as a command that runs its own server on the folder. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(1);

    private final EmbeddedPostgres server;
    private final EmbeddedLogin login;
    private final FolderLock lock;

    private EmbeddedServer(EmbeddedPostgres server, EmbeddedLogin login, FolderLock lock) {
        this.server = server;
        this.login = login;
        this.lock = lock;
    }

    /**
     * Starts the server, once no other process uses the folder.
     *
     * @param port 0 for any free port
     * @throws IllegalStateException when another process keeps the folder for more than a minute
     * @throws UncheckedIOException when the server does not start
     */
    static EmbeddedServer start(Path data, int port) {
        Path folder = data.toAbsolutePath();
        FolderLock lock = null;
        try {
            lock = FolderLock.acquire(folder, LOCK_TIMEOUT)
                    .orElseThrow(() -> new IllegalStateException("Another process runs the embedded PostgreSQL in "
                            + folder + ". Stop it, or set warehouse.embedded.data to another folder."));
            EmbeddedLogin login = EmbeddedLogin.prepare(folder);
            EmbeddedServer started = new EmbeddedServer(server(folder, login, port), login, lock);
            lock = null;
            started.requirePassword();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The embedded PostgreSQL did not start in " + folder + " on port " + port
                            + ". Is the port in use (warehouse.embedded.port),"
                            + " or the folder not writable (warehouse.embedded.data)?",
                    e);
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }

    /** Data of a version that trusted every local user is taken over: from now on a password is required. */
    private void requirePassword() throws IOException {
        try {
            login.require(url());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static EmbeddedPostgres server(Path folder, EmbeddedLogin login, int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                // options of initdb, which the library gives no other way to: it passes on what it takes for a locale
                .setLocaleConfig("auth", "scram-sha-256")
                .setLocaleConfig("pwfile", login.file().toString())
                .setConnectConfig("password", login.password())
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

    /** The password of the user {@code postgres}. */
    String password() {
        return login.password();
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

    /** The JDBC address of the server that a process runs on the folder; empty when none does. */
    static Optional<String> running(Path data) {
        Path folder = data.toAbsolutePath().resolve("postgres");
        try {
            return FolderLock.isHeld(data.toAbsolutePath()) ? Optional.of(url(port(folder))) : Optional.empty();
        } catch (IOException e) {
            // another user's instance, whose lock file cannot be opened
            return Optional.of(folder).filter(f -> Files.exists(f.resolve(PID))).map(f -> url(port(f)));
        }
    }

    /** PostgreSQL writes its port to the fourth line of its PID file. */
    private static int port(Path folder) {
        try {
            return Integer.parseInt(
                    Files.readAllLines(folder.resolve(PID)).get(3).strip());
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalStateException(
                    "The embedded PostgreSQL in " + folder + " is starting or stopping; try again.", e);
        }
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            server.close();
        }
    }
}
