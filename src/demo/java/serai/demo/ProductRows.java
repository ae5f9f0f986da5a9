package serai.demo;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import serai.warehouse.Sql;

/** Writes to the product's database, in transactions. New rows go by COPY: one at a time or millions. */
final class ProductRows {

    /** Rows refer to rows of tables before theirs. */
    static final List<String> TABLES = List.of(
            "plans",
            "teams",
            "users",
            "meetings",
            "notes",
            "attachments",
            "invitations",
            "subscriptions",
            "subscription_events",
            "payments",
            "messages");

    private static final int ENOUGH = 1 << 20;

    private final Connection connection;
    private final CopyManager copies;
    private final Map<String, StringBuilder> waiting = new LinkedHashMap<>();
    private int length;

    /** @param connection stays the caller's to close */
    ProductRows(Connection connection) throws SQLException {
        this.connection = connection;
        this.copies = connection.unwrap(PGConnection.class).getCopyAPI();
        connection.setAutoCommit(false);
        TABLES.forEach(table -> waiting.put(table, new StringBuilder()));
    }

    /**
     * Adds a row.
     *
     * @param at when, and by whom it is made
     * @param values of all columns but the last four
     */
    void add(String table, Instant at, String by, Object... values) throws SQLException {
        StringBuilder text = waiting.get(table);
        int before = text.length();
        for (Object value : values) {
            append(text, value);
        }
        String time = at.toString();
        text.append(time).append('\t').append(by).append('\t');
        text.append(time).append('\t').append(by).append('\n');
        length += text.length() - before;
        if (length > ENOUGH) {
            flush();
        }
    }

    private static void append(StringBuilder to, Object value) {
        if (value == null) {
            to.append("\\N");
        } else if (value instanceof Instant time) {
            to.append(time.toString());
        } else {
            String text = value.toString();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '\\' -> to.append("\\\\");
                    case '\n' -> to.append("\\n");
                    case '\r' -> to.append("\\r");
                    case '\t' -> to.append("\\t");
                    default -> to.append(c);
                }
            }
        }
        to.append('\t');
    }

    /** Runs a statement after all that was added. */
    void update(String statement, Object... parameters) throws SQLException {
        flush();
        Sql.on(connection).update(statement, parameters);
    }

    Savepoint savepoint() throws SQLException {
        flush();
        return connection.setSavepoint();
    }

    void rollback(Savepoint to) throws SQLException {
        flush();
        connection.rollback(to);
    }

    void rollback() throws SQLException {
        flush();
        connection.rollback();
    }

    void commit() throws SQLException {
        flush();
        connection.commit();
    }

    private void flush() throws SQLException {
        if (length == 0) {
            return;
        }
        for (Map.Entry<String, StringBuilder> table : waiting.entrySet()) {
            if (table.getValue().length() > 0) {
                try {
                    copies.copyIn(
                            "copy " + table.getKey() + " from stdin",
                            new StringReader(table.getValue().toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                table.getValue().setLength(0);
            }
        }
        length = 0;
    }
}
