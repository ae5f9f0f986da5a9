package serai.watch.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import serai.warehouse.Sql;

/** SQL of the alert store, whose interface declares no SQLException, and matches as JSON. */
final class AlertSql {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    private final Sql sql;

    AlertSql(Connection connection) {
        this.sql = Sql.on(connection);
    }

    void each(String query, Sql.Reader reader, Object... parameters) {
        try {
            sql.each(query, reader, parameters);
        } catch (SQLException e) {
            throw new AlertStoreException(e);
        }
    }

    long update(String statement, Object... parameters) {
        try {
            return sql.update(statement, parameters);
        } catch (SQLException e) {
            throw new AlertStoreException(e);
        }
    }

    static Map<String, Object> match(String json) {
        try {
            return JSON.readValue(json, FIELDS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a match in the warehouse is not JSON", e);
        }
    }
}
