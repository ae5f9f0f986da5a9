package serai.watch.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of the alert book's tables, many at a time: each statement takes a list for each column. */
final class AlertTables {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    private final Connection connection;

    AlertTables(Connection connection) {
        this.connection = connection;
    }

    /** What to do with one row that was read. */
    interface Row {
        void read(ResultSet row) throws SQLException;
    }

    void read(String sql, Row row, Object... parameters) {
        try (PreparedStatement s = prepare(sql, parameters);
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                row.read(r);
            }
        } catch (SQLException e) {
            throw new AlertStoreException(e);
        }
    }

    int write(String sql, Object... parameters) {
        try (PreparedStatement s = prepare(sql, parameters)) {
            return s.executeUpdate();
        } catch (SQLException e) {
            throw new AlertStoreException(e);
        }
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i] instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : parameters[i];
            statement.setObject(i + 1, value instanceof Collection<?> list ? array(list) : value);
        }
        return statement;
    }

    private Array array(Collection<?> values) throws SQLException {
        boolean whole = values.stream().anyMatch(Number.class::isInstance);
        return connection.createArrayOf(
                whole ? "bigint" : "text",
                values.stream().map(v -> whole || v == null ? v : v.toString()).toArray());
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** A column of many rows, as a list for its parameter. */
    static <T> List<Object> column(Collection<T> rows, java.util.function.Function<T, Object> value) {
        List<Object> column = new java.util.ArrayList<>();
        rows.forEach(row -> column.add(value.apply(row)));
        return column;
    }

    static String json(Map<String, Object> match) {
        return PostgresJson.text(JSON.valueToTree(match));
    }

    static Map<String, Object> match(String json) {
        try {
            return JSON.readValue(json, FIELDS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a match in the warehouse is not JSON", e);
        }
    }
}
