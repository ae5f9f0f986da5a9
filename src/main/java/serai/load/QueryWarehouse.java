package serai.load;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.component.jdbc.ConnectionStrategy;
import org.postgresql.util.PGobject;
import org.postgresql.util.PSQLException;
import serai.warehouse.SelectText;
import serai.warehouse.Sql;
import serai.warehouse.SqlSyntaxException;

/**
 * The bean of the kamelet {@code query-warehouse}, one for each use: makes the text that camel-jdbc runs, gives it a
 * connection that cannot write and has a time limit, and checks the answer.
 */
public final class QueryWarehouse implements CamelContextAware, ConnectionStrategy {

    private static final String CANCELED = "57014";
    private static final String BEFORE = "select * from (";

    private CamelContext context;
    private String sql = "";
    private String file = "";
    private int maxRows = 1_000;
    private Duration maxTime = Duration.ofSeconds(30);

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** The SELECT; empty when a file has it. */
    public void setSql(String sql) {
        this.sql = sql;
    }

    /** The path of a file with the SELECT, below {@code sql/checks}; empty when {@code sql} has it. */
    public void setFile(String file) {
        this.file = file;
    }

    /** The most rows. */
    public void setMaxRows(int maxRows) {
        this.maxRows = maxRows;
    }

    /** The longest time of the query. */
    public void setMaxTime(Duration maxTime) {
        this.maxTime = maxTime;
    }

    /** Makes the body the text of the query, which gives one row more than allowed, so that this is noticed. */
    public void prepare(Exchange exchange) throws SQLException, IOException {
        exchange.getMessage().setBody(BEFORE + select().definition() + "\n) as query limit " + (maxRows + 1L));
    }

    private SelectText select() throws SQLException, IOException {
        if (sql.isBlank() == file.isBlank()) {
            throw new IllegalArgumentException("query-warehouse needs either 'sql' or 'file'.");
        }
        String text = file.isBlank()
                ? sql
                : context.getRegistry().findSingleByType(StepSqlFiles.class).read("sql/checks", file);
        try {
            return SelectText.of(text, Map.of());
        } catch (SqlSyntaxException e) {
            throw new SQLException(at(e.line()) + e.getMessage());
        }
    }

    /** A connection in a transaction that cannot write and ends a query when its time is up. */
    @Override
    public Connection getConnection(DataSource pool) throws SQLException {
        Connection connection = pool.getConnection();
        try {
            // the pool takes both back when the connection is returned
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            Sql.on(connection).execute("set local statement_timeout = " + Math.max(1, maxTime.toMillis()));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public boolean isConnectionTransactional(Connection connection, DataSource pool) {
        return false;
    }

    /**
     * Checks the rows, and makes texts of PostgreSQL's own types, such as {@code jsonb}.
     *
     * @throws IllegalStateException when there are too many
     */
    public void check(Exchange exchange) {
        List<?> rows = exchange.getMessage().getBody(List.class);
        if (rows.size() > maxRows) {
            throw new IllegalStateException(at(null) + "the query gives more than maxRows (" + maxRows
                    + ") rows. Aggregate them, or raise maxRows.");
        }
        for (Object row : rows) {
            if (row instanceof Map<?, ?> map) {
                replaceObjects(map);
            }
        }
    }

    private static <K, V> void replaceObjects(Map<K, V> row) {
        @SuppressWarnings("unchecked")
        Map<K, Object> values = (Map<K, Object>) row;
        values.replaceAll((name, value) -> value instanceof PGobject object ? object.getValue() : value);
    }

    /** Throws the query's error again, with the file and the line, and without values of rows. */
    public void fail(Exchange exchange) throws SQLException, IOException {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (!(caught instanceof PSQLException e)) {
            throw caught instanceof SQLException other ? other : new SQLException(caught);
        }
        if (CANCELED.equals(e.getSQLState())) {
            throw new SQLException(at(null) + "the query took longer than maxTime (" + maxTime.toSeconds() + " s)");
        }
        SqlSyntaxException mistake = select().mistake(e, BEFORE);
        throw new SQLException(at(mistake.line()) + mistake.getMessage(), e.getSQLState());
    }

    private String at(Integer line) {
        return (file.isBlank() ? "query-warehouse" : file) + (line == null ? "" : ", line " + line) + ": ";
    }
}
