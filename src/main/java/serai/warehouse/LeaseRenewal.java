package serai.warehouse;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the leases of this process, three times in a term, by one connection outside the pool: they are renewed also
 * when all connections of the pool are in use.
 */
final class LeaseRenewal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseRenewal.class);

    /** A lease that was given back meanwhile stays free. */
    private static final String RENEW = """
            update meta.leases as l set expires_at = clock_timestamp() + ?::interval
            from unnest(?::text[], ?::bigint[]) as mine(source, epoch)
            where l.source = mine.source and l.epoch = mine.epoch and l.expires_at > '-infinity' returning l.source""";

    private final HikariDataSource pool;
    private final Duration term;
    /** The leases that this process has: by source, the epoch. */
    private final Map<String, Long> held = new ConcurrentHashMap<>();
    /** By source, when its lease was last renewed, by {@link System#nanoTime}. */
    private final Map<String, Long> renewedAt = new ConcurrentHashMap<>();

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "leases");
        thread.setDaemon(true);
        return thread;
    });
    private boolean started;
    private boolean failing;
    private Connection connection;

    /** @param pool whose address and login are used */
    LeaseRenewal(HikariDataSource pool, Duration term) {
        this.pool = pool;
        this.term = term;
    }

    /** From now on, the lease is renewed. */
    synchronized void add(String source, long epoch) {
        renewedAt.put(source, System.nanoTime());
        held.put(source, epoch);
        if (!started) {
            started = true;
            repeat(this::renew, Math.max(1, term.toMillis() / 3));
        }
    }

    void remove(String source, long epoch) {
        if (held.remove(source, epoch)) {
            renewedAt.remove(source);
        }
    }

    /** Whether a lease was renewed so lately that it has not expired; a tenth of the term is left to act on that. */
    boolean isRenewed(String source, long epoch) {
        Long at = renewedAt.get(source);
        return at != null
                && Objects.equals(held.get(source), epoch)
                && System.nanoTime() - at < term.toNanos() / 10 * 9;
    }

    /** Runs a task again and again, each time after a wait, until it is cancelled. */
    Future<?> repeat(Runnable task, long millis) {
        return threads.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** The term as PostgreSQL reads it. */
    String interval() {
        return term.toMillis() + " milliseconds";
    }

    private void renew() {
        Map<String, Long> mine = Map.copyOf(held);
        if (mine.isEmpty()) {
            return;
        }
        try {
            if (connection != null && !isRenewed(mine)) {
                disconnect();
            }
            if (connection == null) {
                connection = connect();
                renew(mine);
            }
            if (failing) {
                failing = false;
                LOG.info("The leases of this process are renewed again.");
            }
        } catch (SQLException | RuntimeException e) {
            // logged once: the next try is seconds away
            if (!failing) {
                failing = true;
                LOG.warn("The leases of this process cannot be renewed: {}", e.getMessage());
            }
            disconnect();
        }
    }

    /** Whether they could be renewed by the connection that there is; it may be lost, and a new one may do. */
    private boolean isRenewed(Map<String, Long> mine) {
        try {
            renew(mine);
            return true;
        } catch (SQLException e) {
            LOG.debug("The connection that renews leases was lost: {}", e.getMessage());
            return false;
        }
    }

    private void renew(Map<String, Long> mine) throws SQLException {
        Set<String> lost = new HashSet<>(mine.keySet());
        long begun = System.nanoTime();
        List<String> sourceNames = List.copyOf(mine.keySet());
        List<Long> epochs = sourceNames.stream().map(mine::get).toList();
        Sql.on(connection)
                .list(RENEW, row -> row.text("source"), interval(), sourceNames, epochs)
                .forEach(source -> {
                    lost.remove(source);
                    renewedAt.computeIfPresent(source, (name, before) -> begun);
                });
        lost.stream()
                .filter(source -> held.remove(source, mine.get(source)))
                .forEach(source -> LOG.warn(
                        "source={} Another process has taken it over: this one did not renew its lease in time.",
                        source));
    }

    /** A connection outside the pool, which fails well within a term when the warehouse does not answer. */
    Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (pool.getUsername() != null) {
            properties.setProperty("user", pool.getUsername());
        }
        if (pool.getPassword() != null) {
            properties.setProperty("password", pool.getPassword());
        }
        String seconds = String.valueOf(Math.max(1, term.toSeconds() / 4));
        properties.setProperty("socketTimeout", seconds);
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("ApplicationName", "serai-leases");
        Connection made = DriverManager.getConnection(pool.getJdbcUrl(), properties);
        Sql.on(made).execute(Leases.ISOLATION);
        return made;
    }

    private void disconnect() {
        try (Connection lost = connection) {
            connection = null;
        } catch (SQLException e) {
            LOG.debug("The connection was lost: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        disconnect();
    }
}
