package serai.warehouse;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database for a while on the server of a warehouse, with the migrations of the project and nothing else: what writes
 * to it touches nothing of the warehouse. {@link #close} drops it; one that a killed process left is dropped by the
 * next.
 */
public final class ScratchDatabase implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("(jdbc:postgresql:(?://[^/?]*)?/?)([^/?]*)(\\?.*)?");
    private static final int LONGEST_NAME = 63;
    private static final int CONNECTIONS = 4;
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String OBJECT_IN_USE = "55006";
    private static final String DUPLICATE_DATABASE = "42P04";

    private final Warehouse server;
    private final String name;
    private Warehouse warehouse;

    private ScratchDatabase(Warehouse server, String name) {
        this.server = server;
        this.name = name;
    }

    /**
     * Creates one and applies the migrations.
     *
     * @param server the warehouse on whose server it is to be
     * @param settings those of that warehouse, for the folders of migrations
     * @param purpose a word in its name: for each warehouse there is one of a purpose at a time
     * @throws IllegalStateException when it cannot be created, another process uses it, or a migration fails; the
     *     message names the fix
     */
    public static ScratchDatabase create(Warehouse server, WarehouseSettings settings, String purpose)
            throws SQLException {
        ScratchDatabase database = new ScratchDatabase(server, database(server, purpose));
        database.create();
        try {
            database.warehouse = Warehouse.open(database.settings(settings));
            Optional<MigrationException> failed = database.warehouse.failedMigration();
            if (failed.isPresent()) {
                throw failed.get();
            }
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static String database(Warehouse server, String purpose) throws SQLException {
        try (Connection c = server.dataSource().getConnection()) {
            String own = Sql.on(c)
                    .first("select current_database() as name", row -> row.text("name"))
                    .orElseThrow();
            String name = "serai_" + purpose + "_" + own;
            return name.substring(0, Math.min(name.length(), LONGEST_NAME));
        }
    }

    /** As the warehouse's, so that texts sort alike. Whoever is connected to one of that name keeps it. */
    private void create() throws SQLException {
        try (Connection c = server.dataSource().getConnection()) {
            Sql sql = Sql.on(c);
            sql.execute("drop database if exists " + Relation.quote(name));
            sql.execute(sql.first(
                            "select 'template template0 encoding ' || quote_literal(pg_encoding_to_char(encoding))"
                                    + " || ' lc_collate ' || quote_literal(datcollate)"
                                    + " || ' lc_ctype ' || quote_literal(datctype) as options"
                                    + " from pg_database where datname = current_database()",
                            row -> "create database " + Relation.quote(name) + " " + row.text("options"))
                    .orElseThrow());
        } catch (SQLException e) {
            throw refusal(e);
        }
    }

    private IllegalStateException refusal(SQLException e) {
        String reason = switch (String.valueOf(e.getSQLState())) {
            case INSUFFICIENT_PRIVILEGE ->
                "The user of the warehouse may not create databases, and this needs one for a while. As a superuser:"
                        + " alter role \"" + ((HikariDataSource) server.dataSource()).getUsername() + "\" createdb";
            case OBJECT_IN_USE, DUPLICATE_DATABASE ->
                "Another process uses the database " + name + ". Try again when it has ended.";
            default -> "The database " + name + " cannot be created: " + e.getMessage();
        };
        return new IllegalStateException(reason, e);
    }

    private WarehouseSettings settings(WarehouseSettings of) {
        HikariDataSource pool = (HikariDataSource) server.dataSource();
        return new WarehouseSettings(
                address(pool.getJdbcUrl(), name),
                pool.getUsername(),
                pool.getPassword(),
                of.data(),
                of.port(),
                CONNECTIONS,
                of.leaseTerm(),
                of.migrations());
    }

    /** The address of another database of the same server. */
    static String address(String url, String database) {
        Matcher m = ADDRESS.matcher(url);
        if (!m.matches()) {
            throw new IllegalStateException("The address of the warehouse names no database (warehouse.url).");
        }
        String server =
                m.group(1).equals("jdbc:postgresql:") || m.group(1).endsWith("/") ? m.group(1) : m.group(1) + "/";
        return server + database + (m.group(3) == null ? "" : m.group(3));
    }

    /** The warehouse in it; it is closed with this. */
    public Warehouse warehouse() {
        return warehouse;
    }

    /** Ends its connections and drops it. */
    @Override
    public void close() throws SQLException {
        if (warehouse != null) {
            warehouse.close();
        }
        try (Connection c = server.dataSource().getConnection()) {
            Sql.on(c).execute("drop database if exists " + Relation.quote(name) + " with (force)");
        }
    }
}
