package serai.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/** A PostgreSQL of the made-up product's own, with its database, in a folder. */
public final class ProductServer implements AutoCloseable {

    private static final String USER = "postgres";
    private static final String NAME = "product";

    private final Warehouse server;
    private final String url;
    private final String password;
    private final ProductDatabase database;

    private ProductServer(Warehouse server, Path data, Product product, int facts) throws SQLException {
        this.server = server;
        this.password = EmbeddedPassword.of(data);
        try (Connection connection = server.dataSource().getConnection()) {
            Sql sql = Sql.on(connection);
            sql.execute("create database " + NAME + " template template0");
            // its disk is small
            sql.execute("alter system set max_slot_wal_keep_size = '1GB'");
            sql.execute("select pg_reload_conf()");
            url = connection.getMetaData().getURL().replaceFirst("/[^/]*$", "/" + NAME);
        }
        this.database = product.publish(DriverManager.getConnection(url, USER, password), Instant.now(), facts);
    }

    /**
     * Starts it with what happened until now; then nothing happens before {@link ProductDatabase#live}.
     *
     * @param data a folder that does not exist
     * @param facts see {@link Product#publish(Connection, Instant, int)}
     */
    public static ProductServer start(Path data, Product product, int facts) throws SQLException {
        Warehouse server = Warehouse.open(
                new WarehouseSettings("", "", "", data, 0, 3, Duration.ofSeconds(15), Path.of("sql/schema")));
        try {
            return new ProductServer(server, data, product, facts);
        } catch (SQLException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** What happens in it. */
    public ProductDatabase database() {
        return database;
    }

    /** The settings with which it is replicated as the database {@code app}. */
    public Map<String, String> settings() {
        return Map.of(
                "replicate.app.url", url,
                "replicate.app.user", USER,
                "replicate.app.password", password,
                "replicate.mask-key", "the key of a product that does not exist");
    }

    @Override
    public void close() throws SQLException {
        try {
            database.close();
        } finally {
            server.close();
        }
    }
}
