package serai.warehouse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a row of {@code meta.instances}: written at the start, renewed while it runs, and marked as ended at
 * a clean stop. Its id stays the same when it is started again in the same folder.
 */
public final class Instance implements AutoCloseable {

    /** Time between two renewals; an instance that missed two of them is taken for dead. */
    static final Duration EVERY = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    private final Warehouse warehouse;
    private final String id;
    private final ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "instance");
        thread.setDaemon(true);
        return thread;
    });
    private boolean written;

    private Instance(Warehouse warehouse, String id) {
        this.warehouse = warehouse;
        this.id = id;
    }

    /**
     * Writes the row once the warehouse is open, in a thread of its own, and renews it until it is closed.
     *
     * @param data the folder whose file {@code instance-id} has the id; both are created
     * @throws IllegalStateException when the file cannot be read or written
     */
    public static Instance open(Warehouse warehouse, Path data) {
        Instance instance = new Instance(warehouse, idOf(data));
        instance.renewal.scheduleWithFixedDelay(instance::renew, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return instance;
    }

    /**
     * The id of the instance in this folder, which may run or not.
     *
     * @param data the folder whose file {@code instance-id} has the id; both are created
     * @throws IllegalStateException when the file cannot be read or written
     */
    public static String idOf(Path data) {
        Path file = data.resolve("instance-id");
        try {
            if (Files.exists(file)) {
                String id = Files.readString(file).strip();
                if (!id.isEmpty()) {
                    return id;
                }
            }
            String id = UUID.randomUUID().toString();
            Files.createDirectories(file.getParent());
            Files.writeString(file, id + "\n");
            return id;
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read or written: " + e.getMessage(), e);
        }
    }

    /** The id, which no other instance has. */
    public String id() {
        return id;
    }

    /** A running instance, as its host and process; empty when none has renewed its row for a while. */
    public static Optional<String> running(Sql sql) throws SQLException {
        return sql.first(
                "select host || ' (process ' || pid || ')' as instance from meta.instances where ended_at is null"
                        + " and seen_at > clock_timestamp() - make_interval(secs => ?) order by seen_at desc limit 1",
                row -> row.text("instance"),
                EVERY.multipliedBy(3).toSeconds());
    }

    /** Whether an instance runs: it has renewed its row lately. */
    public static boolean isRunning(Sql sql, String id) throws SQLException {
        return sql.first(
                        "select 1 as found from meta.instances where id = ? and ended_at is null"
                                + " and seen_at > clock_timestamp() - make_interval(secs => ?)",
                        row -> true,
                        id,
                        EVERY.multipliedBy(3).toSeconds())
                .isPresent();
    }

    private void renew() {
        try {
            warehouse.awaitOpen();
            if (written) {
                update("update meta.instances set seen_at = clock_timestamp() where id = ?", id);
            } else {
                update("""
                        insert into meta.instances as i (id, host, pid, version) values (?, ?, ?, ?)
                        on conflict (id) do update set host = excluded.host, pid = excluded.pid,
                          version = excluded.version, started_at = excluded.started_at, seen_at = excluded.seen_at,
                          ended_at = null""", id, host(), ProcessHandle.current().pid(), version());
                written = true;
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("The row in meta.instances was not renewed: {}", e.getMessage());
        }
    }

    private void update(String sql, Object... parameters) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c).update(sql, parameters);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    private static String version() {
        String version = Instance.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** Marks it as ended. Close it before the warehouse. */
    @Override
    public void close() {
        renewal.shutdownNow();
        try {
            renewal.awaitTermination(5, TimeUnit.SECONDS);
            if (written) {
                update("update meta.instances set ended_at = clock_timestamp() where id = ?", id);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.debug("The row in meta.instances was not ended: {}", e.getMessage());
        }
    }
}
