package serai.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A SELECT with {@code ?} for each parameter; parameters are bound, never pasted. */
public record BoundQuery(String sql, List<Object> parameters) {

    public static BoundQuery of(String sql, Object... parameters) {
        return new BoundQuery(sql, Arrays.asList(parameters));
    }

    PreparedStatement prepare(Connection connection, String before, List<Object> first, String after)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(before + sql + after);
        List<Object> all = new ArrayList<>(first);
        all.addAll(parameters);
        for (int i = 0; i < all.size(); i++) {
            statement.setObject(i + 1, all.get(i));
        }
        return statement;
    }
}
