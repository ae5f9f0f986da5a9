package serai.warehouse;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL database, embedded or given by address, migrated to the schema that this version expects. It is read
 * through {@link #dataSource()} and written through a {@link Writer} only.
 */
public final class Warehouse implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);
    private static final String FEATURE_NOT_SUPPORTED = "0A000";
    private static final int OLDEST_VERSION = 160000;

    /**
     * What texts, and so the hashes of rows, and statements mean: the same on every server, whatever its defaults are.
     * The driver sets the style of dates.
     */
    private static final String SESSION = "set time zone 'UTC'; set intervalstyle = 'postgres';"
            + " set extra_float_digits = 1; set bytea_output = 'hex'; set lc_monetary = 'C';"
            + " set xmloption = 'content'; set xmlbinary = 'base64'; set array_nulls = on;"
            + " set transform_null_equals = off; set quote_all_identifiers = off;"
            + " set standard_conforming_strings = on; set default_transaction_read_only = off; ";

    /** Gives no connection before the server is reached: it has no address until then. */
    private final HikariDataSource pool = new HikariDataSource();

    private final Leases leases;
    private EmbeddedServer embedded;
    private volatile Optional<MigrationException> failedMigration = Optional.empty();
    private CompletableFuture<Void> opened = CompletableFuture.completedFuture(null);

    private Warehouse(WarehouseSettings settings) {
        leases = new Leases(pool, settings.leaseTerm());
    }

    /**
     * Starts the embedded server or connects to the given one, and applies the migrations. One of
     * {@code sql/migrations} that fails is named by {@link #failedMigration}.
     *
     * @throws IllegalStateException when the server cannot be reached, is too old, or a migration of Serai fails; the
     *     message names the fix
     */
    public static Warehouse open(WarehouseSettings settings) {
        Warehouse warehouse = new Warehouse(settings);
        warehouse.start(settings);
        return warehouse;
    }

    /**
     * As {@link #open}, but returns at once and works in a thread of its own, so that a start of the process can go on
     * meanwhile. Until {@link #awaitOpen} has returned, the warehouse gives no connections.
     */
    public static Warehouse openInBackground(WarehouseSettings settings) {
        Warehouse warehouse = new Warehouse(settings);
        warehouse.opened = CompletableFuture.runAsync(
                () -> warehouse.start(settings), task -> new Thread(task, "warehouse-open").start());
        return warehouse;
    }

    /** A warehouse that is never opened and gives no connections, for what needs none. */
    public static Warehouse unopened(WarehouseSettings settings) {
        return new Warehouse(settings);
    }

    /**
     * Waits until the warehouse is open.
     *
     * @throws IllegalStateException as {@link #open}
     */
    public void awaitOpen() {
        try {
            opened.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IllegalStateException known ? known : new IllegalStateException(e.getCause());
        }
    }

    private void start(WarehouseSettings settings) {
        try {
            if (settings.embedded()) {
                embedded = EmbeddedServer.start(settings.data(), settings.port());
            }
            openPool(settings);
            Migrations.shipped(settings.migrations()).apply(pool);
            applyOwn(settings);
        } catch (RuntimeException e) {
            closeServers();
            throw e;
        }
    }

    /** A migration of an operator that fails must not stop imports, models and alerts. */
    private void applyOwn(WarehouseSettings settings) {
        try {
            Migrations.own(settings.ownMigrations()).apply(pool);
        } catch (MigrationException e) {
            failedMigration = Optional.of(e);
            LOG.error("{} Everything else runs.", e.getMessage());
        }
    }

    /** The migration of {@code sql/migrations} that could not be applied at the start. */
    public Optional<MigrationException> failedMigration() {
        return failedMigration;
    }

    /**
     * Connects for a command. An embedded server that another process runs is used and left running.
     *
     * @throws IllegalStateException when there is no warehouse, or its schema is older than this version expects and an
     *     instance is running; the message names the fix
     */
    public static Warehouse connect(WarehouseSettings settings) {
        Warehouse warehouse = new Warehouse(settings);
        try {
            warehouse.visit(settings);
            return warehouse;
        } catch (RuntimeException e) {
            warehouse.close();
            throw e;
        }
    }

    private void visit(WarehouseSettings settings) {
        if (!settings.embedded()) {
            openPool(settings);
            migrateForCommand(settings);
            return;
        }
        if (!EmbeddedServer.exists(settings.data())) {
            throw new IllegalStateException("There is no warehouse in " + settings.data() + " yet: start Serai once,"
                    + " or set warehouse.url.");
        }
        Optional<String> running = EmbeddedServer.running(settings.data());
        if (running.isEmpty()) {
            embedded = EmbeddedServer.start(settings.data(), settings.port());
        }
        openPool(running.map(settings::at).orElse(settings));
        migrateForCommand(settings);
    }

    private void openPool(WarehouseSettings settings) {
        configurePool(settings);
        requireVersion(pool);
    }

    /** After an upgrade, the first command brings the tables of the new version, unless an instance is running. */
    private void migrateForCommand(WarehouseSettings settings) {
        Migrations shipped = Migrations.shipped(settings.migrations());
        if (!shipped.arePending(pool)) {
            return;
        }
        try (Connection c = pool.getConnection()) {
            Sql sql = Sql.on(c);
            if (!sql.first("select to_regclass('meta.instances') is not null as known", row -> row.flag("known"))
                    .orElseThrow()) {
                throw new IllegalStateException("The warehouse does not have the tables of Serai yet: start it once.");
            }
            Optional<String> instance = Instance.running(sql);
            if (instance.isPresent()) {
                throw new IllegalStateException("The warehouse does not have the tables of this version yet, and the"
                        + " instance " + instance.get() + " runs an older one: start it again with this version.");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The warehouse does not answer: " + e.getMessage(), e);
        }
        shipped.apply(pool);
    }

    private void configurePool(WarehouseSettings settings) {
        pool.setPoolName("warehouse");
        pool.setUsername(embedded == null ? settings.user() : EmbeddedLogin.USER);
        pool.setPassword(embedded == null ? settings.password() : embedded.password());
        pool.setMaximumPoolSize(settings.poolSize());
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(10_000);
        pool.addDataSourceProperty("ApplicationName", leases.applicationName());
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        // DETAIL and CONTEXT of an error have values of rows
        pool.addDataSourceProperty("logServerErrorDetail", "false");
        pool.setConnectionInitSql(SESSION + Leases.ISOLATION);
        // a SELECT that PostgreSQL does not support would close the connection under the statements that follow
        pool.setExceptionOverride(new SQLExceptionOverride() {
            @java.lang.Override
            public Override adjudicate(SQLException e) {
                return FEATURE_NOT_SUPPORTED.equals(e.getSQLState()) ? Override.DO_NOT_EVICT : Override.CONTINUE_EVICT;
            }
        });
        // last: with an address the pool is complete
        pool.setJdbcUrl(embedded == null ? settings.url() : embedded.url());
        try {
            pool.getConnection().close();
        } catch (SQLException | RuntimeException e) {
            throw new IllegalStateException(
                    "The warehouse cannot be reached: " + rootMessage(e)
                            + ". Check warehouse.url, warehouse.user and warehouse.password.",
                    e);
        }
    }

    private static void requireVersion(DataSource pool) {
        try (Connection c = pool.getConnection()) {
            long version = Sql.on(c)
                    .first("show server_version_num", row -> row.number("server_version_num"))
                    .orElseThrow();
            if (version < OLDEST_VERSION) {
                throw new IllegalStateException("The warehouse is PostgreSQL " + version / 10000
                        + "; Serai needs 16 or newer (warehouse.url).");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The warehouse does not answer: " + e.getMessage(), e);
        }
    }

    /** For reading, and for components that need a data source. Connections are in auto-commit. */
    public DataSource dataSource() {
        return pool;
    }

    /** The most connections that are open at the same time. */
    public int poolSize() {
        return pool.getMaximumPoolSize();
    }

    /**
     * Becomes the writer of a source, and waits while it has another one, in this process or elsewhere.
     *
     * @param source the source's name, such as a route id; the key of its position
     */
    public Writer writer(String source) throws SQLException {
        return Writer.open(pool, leases, source, true).orElseThrow();
    }

    /** As {@link #writer(String)}, but empty when the source has a writer. */
    public Optional<Writer> tryWriter(String source) throws SQLException {
        return Writer.open(pool, leases, source, false);
    }

    /** The leases of this process. */
    Leases leases() {
        return leases;
    }

    /** Closes the connections, and stops the embedded server if this object started it. */
    @Override
    public void close() {
        opened.exceptionally(failed -> null).join();
        leases.close();
        closeServers();
    }

    private void closeServers() {
        pool.close();
        if (embedded != null) {
            try {
                embedded.close();
            } catch (IOException e) {
                LOG.warn("The embedded PostgreSQL did not stop cleanly: {}", e.getMessage());
            }
            embedded = null;
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }
}
