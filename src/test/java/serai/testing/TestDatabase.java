package serai.testing;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import serai.demo.EmbeddedPassword;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/**
 * A PostgreSQL database of a test, on one embedded server for the whole run. A new one is a copy of a migrated
 * database: that takes milliseconds, the migrations seconds.
 */
public final class TestDatabase implements AutoCloseable {

    private static final String DEADLOCK = "40P01";
    private static final int ATTEMPTS = 5;

    private static final String MIGRATED = "migrated";
    private static final Path MIGRATIONS = Path.of("sql/schema");
    /** After this time another process takes over from one that was killed. */
    private static final Duration LEASE_TERM = Duration.ofSeconds(3);

    private static final AtomicInteger CREATED = new AtomicInteger();
    private static Warehouse server;
    private static Path folder;

    private final String url;
    private Warehouse warehouse;

    private TestDatabase(String url) {
        this.url = url;
    }

    /** A new database with the project's migrations applied. */
    public TestDatabase() {
        this(create("test_" + CREATED.incrementAndGet(), MIGRATED));
    }

    /** A new database without any schema of Serai. */
    public static TestDatabase empty() {
        return new TestDatabase(create("test_" + CREATED.incrementAndGet(), "template0"));
    }

    /**
     * The warehouse that a child process runs in a folder, once it runs; it must not be closed.
     *
     * @param data the folder of the embedded server
     */
    public static TestDatabase of(Path data, int port) {
        return new TestDatabase(address(port, "postgres", EmbeddedPassword.of(data)));
    }

    private static String create(String name, String template) {
        execute(server("postgres"), "create database " + name + " template " + template);
        return server(name);
    }

    /** Its JDBC address, with the password of the user {@code postgres}. */
    public String url() {
        return url;
    }

    /** The settings with which a warehouse is opened on it. */
    public WarehouseSettings settings() {
        return new WarehouseSettings(url, "postgres", "", null, 0, 10, LEASE_TERM, MIGRATIONS);
    }

    /** The settings with which Serai uses it. */
    public Map<String, String> properties() {
        return Map.of("warehouse.url", url, "warehouse.user", "postgres", "lease.term", LEASE_TERM.toMillis() + "ms");
    }

    /** A warehouse on it, opened at the first call and closed by {@link #close}. */
    public synchronized Warehouse warehouse() {
        if (warehouse == null) {
            warehouse = Warehouse.open(settings());
        }
        return warehouse;
    }

    /** A connection in auto-commit, for the caller to close. */
    public Connection connect() {
        return connect(url);
    }

    /** The rows of a query as text, with | between the columns. */
    public List<String> rows(String query, Object... parameters) {
        return list(query, parameters).stream().map(String::valueOf).toList();
    }

    /** The first row of a query as text; null when there is none or when it is a single NULL. */
    public String value(String query, Object... parameters) {
        List<String> rows = list(query, parameters);
        return rows.isEmpty() ? null : rows.get(0);
    }

    private List<String> list(String query, Object... parameters) {
        try (Connection connection = connect()) {
            return Sql.on(connection).list(query, TestDatabase::text, parameters);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(Row row) throws SQLException {
        int columns = row.result().getMetaData().getColumnCount();
        if (columns == 1) {
            return row.result().getString(1);
        }
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            cells.add(String.valueOf(row.result().getString(i)));
        }
        return String.join("|", cells);
    }

    /** The whole number that a query returns. */
    public long number(String query, Object... parameters) {
        return Long.parseLong(value(query, parameters));
    }

    /** Runs one statement with parameters, or several without, separated by semicolons. */
    public void execute(String statements, Object... parameters) {
        execute(url, statements, parameters);
    }

    /** Adds rows to a table, each in PostgreSQL's text format of COPY. */
    public void copy(String table, Stream<String> rows) {
        try (Connection connection = connect()) {
            CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + table + " from stdin");
            for (String row : (Iterable<String>) rows::iterator) {
                byte[] bytes = row.getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(bytes, 0, bytes.length);
            }
            copy.endCopy();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends all connections and drops it: what still uses it finds no warehouse. */
    @Override
    public synchronized void close() {
        if (warehouse != null) {
            warehouse.close();
        }
        String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
        execute(server("postgres"), "drop database if exists " + name + " with (force)");
    }

    private static void execute(String url, String statements, Object... parameters) {
        try (Connection connection = connect(url)) {
            Sql sql = Sql.on(connection);
            for (int attempt = 1; !isExecuted(sql, attempt == ATTEMPTS, statements, parameters); attempt++) {
                LockSupport.parkNanos(attempt * 10_000_000L);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** False after a deadlock, as a TRUNCATE of several tables can have with what Serai reads of them meanwhile. */
    private static boolean isExecuted(Sql sql, boolean last, String statements, Object... parameters)
            throws SQLException {
        try {
            if (parameters.length == 0) {
                sql.execute(statements);
            } else {
                sql.update(statements, parameters);
            }
            return true;
        } catch (SQLException e) {
            if (last || !DEADLOCK.equals(e.getSQLState())) {
                throw e;
            }
            return false;
        }
    }

    private static Connection connect(String url) {
        try {
            Connection connection = DriverManager.getConnection(url, "postgres", "");
            // as in Serai: a time is printed alike on every machine
            Sql.on(connection).execute("set time zone 'UTC'");
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String address(int port, String database, String password) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres&password=" + password;
    }

    /** The address of a database on the shared server, which is started at the first call. */
    private static synchronized String server(String database) {
        if (server == null) {
            folder = Path.of(
                    "target", "test-warehouse", "run-" + ProcessHandle.current().pid());
            server = Warehouse.open(new WarehouseSettings("", "", "", folder, 0, 3, LEASE_TERM, MIGRATIONS));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(folder), "test-warehouse-stop"));
            // tests kill processes and not the machine, so fsync protects nothing, and hundreds of databases cost it
            execute(server("postgres"), "alter system set fsync = off");
            execute(server("postgres"), "select pg_reload_conf()");
            Warehouse.open(new TestDatabase(create(MIGRATED, "template0")).settings())
                    .close();
        }
        String url = ((HikariDataSource) server.dataSource()).getJdbcUrl();
        int port = java.net.URI.create(url.substring("jdbc:".length())).getPort();
        return address(port, database, EmbeddedPassword.of(folder));
    }

    private static void stop(Path folder) {
        try {
            server.close();
            FileUtils.deleteDirectory(folder.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
