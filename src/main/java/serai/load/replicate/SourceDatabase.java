package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import serai.warehouse.WarehouseSettings;

/** A database that is followed, and what differs by its kind. */
interface SourceDatabase {

    /** @param url of JDBC, as {@link #requireAddress} lets it pass */
    static SourceDatabase of(String url, String user, String password) {
        return isMariaDb(url) ? new MariaDbDatabase(url, user, password) : new PostgresDatabase(url, user, password);
    }

    /** @throws IllegalArgumentException when it is no address, or has an option that breaks replication */
    static String requireAddress(String url) {
        String address = url.strip();
        if (!isMariaDb(address)) {
            WarehouseSettings.requireJdbc(address);
        } else if (!address.matches("jdbc:mariadb://[^/\\s,]+(/\\S*)?")) {
            throw new IllegalArgumentException("is not an address of one MariaDB server; write one such as"
                    + " jdbc:mariadb://db.example.org:3306/");
        }
        if (address.contains("socketTimeout")) {
            throw new IllegalArgumentException(
                    "has socketTimeout, with which a quiet connection loses its place; write it" + " without");
        }
        return address;
    }

    private static boolean isMariaDb(String url) {
        return url.startsWith("jdbc:mariadb:");
    }

    /** The address of JDBC. */
    String url();

    /** The user's name. */
    String user();

    /** The user's password. */
    String password();

    /** A connection for queries, in auto-commit. */
    Connection connect() throws SQLException;

    /** All tables in the catalog; partitions belong to their table. */
    List<CatalogTable> tables(Connection source) throws SQLException;

    /** Reads rows. */
    SourceRows rows(Connection source);

    /**
     * The log.
     *
     * @param source for queries, for the session's thread alone
     */
    SourceLog log(ReplicationPlan plan, Connection source);

    /** Whether tables without a key can be followed. */
    default boolean followsKeyless() {
        return false;
    }

    /**
     * The rows of a table without a key at one instant.
     *
     * @param slot of the source, for names of what is created there
     */
    default TableSnapshot snapshot(ReplicatedTable table, String slot) throws SQLException {
        throw new SQLException("Tables without a key are not copied from this kind of database.", "0A000");
    }

    /** What is done at the source beside following it. */
    SourceUpkeep upkeep(ReplicationPlan plan);

    /** Sets how long queries of a connection may last. */
    void limitQueries(Connection source, Duration longest) throws SQLException;

    /** Whether a query was ended since it lasted too long. */
    boolean isCanceled(SQLException e);
}
