package serai.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.io.FileUtils;

/** PostgreSQL for tests: one server for a run, and a database of its own for each test that asks for one. */
public final class TestWarehouse {

    private static final Path MIGRATIONS = Path.of("sql/schema");
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static EmbeddedServer server;
    private static Warehouse shared;

    private TestWarehouse() {}

    /** One warehouse for all tests that do not depend on what other tests write. */
    public static synchronized Warehouse shared() {
        if (shared == null) {
            shared = fresh();
        }
        return shared;
    }

    /** A warehouse on a new database with the migrations applied; close it after the test. */
    public static Warehouse fresh() {
        return Warehouse.open(settings(newDatabase()));
    }

    /** The settings of a warehouse at this JDBC address, as for a server that an operator runs. */
    public static WarehouseSettings settings(String url) {
        return new WarehouseSettings(url, "postgres", "", null, 0, 10, MIGRATIONS);
    }

    /** The JDBC address of a new, empty database on the run's server. */
    public static synchronized String newDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(server().url(), "postgres", "")) {
            Sql.on(connection).execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return server().url().replaceAll("/postgres$", "/" + name);
    }

    /** Runs statements in auto-commit. */
    public static void execute(Warehouse warehouse, String... statements) throws SQLException {
        try (Connection connection = warehouse.dataSource().getConnection()) {
            for (String statement : statements) {
                Sql.on(connection).execute(statement);
            }
        }
    }

    /** The rows of a query as text, with | between the columns. */
    public static List<String> rows(Warehouse warehouse, String query) throws SQLException {
        try (Connection connection = warehouse.dataSource().getConnection()) {
            return Sql.on(connection).list(query, row -> {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= row.result().getMetaData().getColumnCount(); i++) {
                    cells.add(String.valueOf(row.result().getString(i)));
                }
                return String.join("|", cells);
            });
        }
    }

    private static synchronized EmbeddedServer server() {
        if (server == null) {
            Path folder = Path.of(
                    "target", "test-warehouse", "run-" + ProcessHandle.current().pid());
            server = EmbeddedServer.start(folder, 0);
            withoutFsync();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(folder)));
        }
        return server;
    }

    /** Tests kill processes and not the machine, so fsync protects nothing here, and hundreds of databases cost it. */
    private static void withoutFsync() {
        try (Connection connection = DriverManager.getConnection(server.url(), "postgres", "")) {
            Sql.on(connection).execute("alter system set fsync = off");
            Sql.on(connection).execute("select pg_reload_conf()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stop(Path folder) {
        try {
            if (shared != null) {
                shared.close();
            }
            server.close();
            FileUtils.deleteDirectory(folder.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
