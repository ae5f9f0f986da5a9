package serai.refresh;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import serai.warehouse.SelectText;

/** The values of a model's parameters; {@code from} and {@code to} are null for a table. */
record ModelParameters(Instant from, Instant to, Instant now, long runId) {

    void bind(PreparedStatement statement, SelectText sql) throws SQLException {
        int index = 1;
        for (String name : sql.parameters()) {
            switch (name) {
                case "from" -> statement.setObject(index, from.atOffset(ZoneOffset.UTC));
                case "to" -> statement.setObject(index, to.atOffset(ZoneOffset.UTC));
                case "now" -> statement.setObject(index, now.atOffset(ZoneOffset.UTC));
                default -> statement.setLong(index, runId);
            }
            index++;
        }
    }
}
