package serai.warehouse;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ground floor: a PostgreSQL, embedded or given by address, brought to the schema that this version expects. Rooms
 * read it through {@link #dataSource()} and write it through a {@link Writer} only.
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
     * Starts or reaches the server and applies the migrations.
     *
     * @throws IllegalStateException when the server cannot be reached, is too old, or a migration fails; the message
     *     says what to do
     */
    public static Warehouse open(WarehouseSettings settings) {
        EmbeddedServer embedded = settings.embedded() ? EmbeddedServer.start(settings.data(), settings.port()) : null;
        HikariDataSource pool = null;
        try {
            pool = pool(settings, embedded);
            requireVersion(pool, settings);
            migrate(pool, settings.migrations());
            return new Warehouse(embedded, pool);
        } catch (RuntimeException e) {
            closeQuietly(pool, embedded);
            throw e;
        }
    }

    /**
     * Reaches the server for a command. Where another process runs the embedded server, that one is used and left
     * running; the schema is left as it is.
     *
     * @throws IllegalStateException when there is no warehouse, or not the one that this version expects; the message
     *     says what to do
     */
    public static Warehouse connect(WarehouseSettings settings) {
        if (!settings.embedded()) {
            return connect(settings, null);
        }
        if (!EmbeddedServer.exists(settings.data())) {
            throw new IllegalStateException("There is no warehouse in " + settings.data() + " yet: start Serai once,"
                    + " or set warehouse.url.");
        }
        return EmbeddedServer.running(settings.data())
                .map(url -> connect(settings.at(url), null))
                .orElseGet(() -> connect(settings, EmbeddedServer.start(settings.data(), settings.port())));
    }

    private static Warehouse connect(WarehouseSettings settings, EmbeddedServer embedded) {
        HikariDataSource pool = null;
        try {
            pool = pool(settings, embedded);
            requireVersion(pool, settings);
            if (flyway(pool, settings.migrations()).info().pending().length > 0) {
                throw new IllegalStateException(
                        "The warehouse has not the tables of this version yet: start Serai once.");
            }
            return new Warehouse(embedded, pool);
        } catch (RuntimeException e) {
            closeQuietly(pool, embedded);
            throw e;
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
        // one meaning of a time without zone, whatever the machine's own zone is
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

    private static void requireVersion(DataSource pool, WarehouseSettings settings) {
        try (Connection c = pool.getConnection();
                var s = c.createStatement();
                var r = s.executeQuery("show server_version_num")) {
            r.next();
            if (r.getInt(1) < OLDEST_VERSION) {
                throw new IllegalStateException("The warehouse is PostgreSQL " + r.getInt(1) / 10000
                        + "; Serai needs 16 or newer (warehouse.url).");
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The warehouse does not answer: " + e.getMessage(), e);
        }
    }

    private static void migrate(DataSource pool, Path migrations) {
        flyway(pool, migrations).migrate();
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
     * Becomes the one writer of a source, waiting while another process or thread is. Holds one connection until
     * closed.
     *
     * @param source the source's name, such as a route id; also the key of its position
     */
    public Writer writer(String source) throws SQLException {
        return Writer.open(pool.getConnection(), source, true).orElseThrow();
    }

    /** As {@link #writer(String)}, but empty when the source has a writer already. */
    public Optional<Writer> tryWriter(String source) throws SQLException {
        return Writer.open(pool.getConnection(), source, false);
    }

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
