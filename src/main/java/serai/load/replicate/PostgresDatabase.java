package serai.load.replicate;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGProperty;
import serai.warehouse.Sql;

/** A PostgreSQL database that is followed. */
record PostgresDatabase(String url, String user, String password) implements SourceDatabase {

    private static final String CANCELED = "57014";

    /** A value's text must not depend on the settings of the server, the database or the role. */
    private static final List<String> TEXT_FORMATS = List.of(
            "set datestyle = 'ISO'",
            "set intervalstyle = 'postgres'",
            "set timezone = 'UTC'",
            "set extra_float_digits = 3",
            "set bytea_output = 'hex'",
            "set lc_monetary = 'C'",
            "set xmloption = 'content'");

    @Override
    public Connection connect() throws SQLException {
        return open(properties());
    }

    /** A connection that can read the log. */
    Connection replication() throws SQLException {
        Properties properties = properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        return open(properties);
    }

    private Properties properties() {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, user);
        PGProperty.PASSWORD.set(properties, password);
        PGProperty.APPLICATION_NAME.set(properties, "serai");
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        // DETAIL and CONTEXT of an error have values of rows
        PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
        return properties;
    }

    private Connection open(Properties properties) throws SQLException {
        Connection connection = DriverManager.getConnection(url, properties);
        try (Statement statement = connection.createStatement()) {
            for (String format : TEXT_FORMATS) {
                statement.execute(format);
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Statements by which a transaction of the warehouse reads texts as the source writes them. */
    static String localTextFormats() {
        return String.join("; ", TEXT_FORMATS).replace("set ", "set local ");
    }

    @Override
    public List<CatalogTable> tables(Connection source) throws SQLException {
        return CatalogTable.read(Sql.on(source));
    }

    @Override
    public SourceRows rows(Connection source) {
        return new PostgresRows(source);
    }

    @Override
    public SourceLog log(ReplicationPlan plan, Connection source) {
        return new PostgresLog(this, plan, source);
    }

    @Override
    public boolean followsKeyless() {
        return true;
    }

    @Override
    public TableSnapshot snapshot(ReplicatedTable table, String slot) throws SQLException {
        // names of slots have at most 63 characters
        String name = slot.substring(0, Math.min(slot.length(), 40));
        return new PostgresSnapshot(
                this, table, name + "_copy_" + ProcessHandle.current().pid());
    }

    @Override
    public SourceUpkeep upkeep(ReplicationPlan plan) {
        return new PostgresUpkeep(plan);
    }

    @Override
    public void limitQueries(Connection source, Duration longest) throws SQLException {
        Sql.on(source).execute("set statement_timeout = " + longest.toMillis());
    }

    @Override
    public boolean isCanceled(SQLException e) {
        return CANCELED.equals(e.getSQLState());
    }

    /** The address without anything that may be secret. */
    @Override
    public String toString() {
        return url.replaceAll("\\?.*", "");
    }
}
