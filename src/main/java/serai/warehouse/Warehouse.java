package serai.warehouse;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PostgreSQL database, embedded or given by address, migrated to the schema that this version expects. It is read
 * through {@link #dataSource()} and written through a {@link Writer} only.
 */
public final class Warehouse implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Warehouse.class);
    private static final int OLDEST_VERSION = 160000;

    private final EmbeddedServer embedded;
    private final HikariDataSource pool;

    private Warehouse(EmbeddedServer embedded, HikariDataSource pool) {
        this.embedded = embedded;
        this.pool = pool;
    }

    /**
     * Starts the embedded server or connects to the given one, and applies the migrations.
     *
     * @throws IllegalStateException when the server cannot be reached, is too old, or a migration fails; the message
     *     names the fix
     */
    public static Warehouse open(WarehouseSettings settings) {
        EmbeddedServer embedded = settings.embedded() ? EmbeddedServer.start(settings.data(), settings.port()) : null;
        return connect(settings, embedded, Flyway::migrate);
    }

    /**
     * Connects for a command. An embedded server that another process runs is used and left running. The schema is not
     * migrated.
     *
     * @throws IllegalStateException when there is no warehouse, or its schema is older than this version expects; the
     *     message names the fix
     */
    public static Warehouse connect(WarehouseSettings settings) {
        if (!settings.embedded()) {
            return connect(settings, null, Warehouse::requireMigrated);
        }
        if (!EmbeddedServer.exists(settings.data())) {
            throw new IllegalStateException("There is no warehouse in " + settings.data() + " yet: start Serai once,"
                    + " or set warehouse.url.");
        }
        return EmbeddedServer.running(settings.data())
                .map(url -> connect(settings.at(url), null, Warehouse::requireMigrated))
                .orElseGet(() -> connect(
                        settings, EmbeddedServer.start(settings.data(), settings.port()), Warehouse::requireMigrated));
    }

    private static Warehouse connect(WarehouseSettings settings, EmbeddedServer embedded, Consumer<Flyway> schema) {
        HikariDataSource pool = null;
        try {
            pool = pool(settings, embedded);
            requireVersion(pool);
            schema.accept(flyway(pool, settings.migrations()));
            return new Warehouse(embedded, pool);
        } catch (RuntimeException e) {
            closeQuietly(pool, embedded);
            throw e;
        }
    }

    private static void requireMigrated(Flyway flyway) {
        if (flyway.info().pending().length > 0) {
            throw new IllegalStateException(
                    "The warehouse does not have the tables of this version yet: start Serai once.");
        }
    }

    private static HikariDataSource pool(WarehouseSettings settings, EmbeddedServer embedded) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("warehouse");
        config.setJdbcUrl(embedded == null ? settings.url() : embedded.url());
        config.setUsername(embedded == null ? settings.user() : "postgres");
        config.setPassword(embedded == null ? settings.password() : null);
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(1);
        config.setConnectionTimeout(10_000);
        config.addDataSourceProperty("ApplicationName", "serai");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // a time without zone means the same on every machine
        config.setConnectionInitSql("set time zone 'UTC'");
        try {
            return new HikariDataSource(config);
        } catch (RuntimeException e) {
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

    private static Flyway flyway(DataSource pool, Path migrations) {
        return Flyway.configure()
                .dataSource(pool)
                .defaultSchema("meta")
                .createSchemas(true)
                .locations("filesystem:" + migrations.toAbsolutePath())
                .failOnMissingLocations(true)
                .validateMigrationNaming(true)
                .load();
    }

    /** For reading, and for components that need a data source. Connections are in auto-commit. */
    public DataSource dataSource() {
        return pool;
    }

    /**
     * Becomes the writer of a source, and waits while it has another one, in this process or elsewhere. The writer
     * holds one connection until it is closed.
     *
     * @param source the source's name, such as a route id; the key of its position
     */
    public Writer writer(String source) throws SQLException {
        return Writer.open(pool.getConnection(), source, true).orElseThrow();
    }

    /** As {@link #writer(String)}, but empty when the source has a writer. */
    public Optional<Writer> tryWriter(String source) throws SQLException {
        return Writer.open(pool.getConnection(), source, false);
    }

    /** Closes the connections, and stops the embedded server if this object started it. */
    @Override
    public void close() {
        closeQuietly(pool, embedded);
    }

    private static void closeQuietly(HikariDataSource pool, EmbeddedServer embedded) {
        if (pool != null) {
            pool.close();
        }
        if (embedded != null) {
            try {
                embedded.close();
            } catch (IOException e) {
                LOG.warn("The embedded PostgreSQL did not stop cleanly: {}", e.getMessage());
            }
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
