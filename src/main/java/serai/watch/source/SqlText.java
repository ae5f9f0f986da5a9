package serai.watch.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** A piece of SQL that is put together; values are bound, never pasted. */
final class SqlText {

    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    static SqlText of(String text, Object... values) {
        return new SqlText().add(text, values);
    }

    SqlText add(String more, Object... bound) {
        text.append(more);
        values.addAll(List.of(bound));
        return this;
    }

    SqlText add(SqlText other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    /** Pieces with a word between them, in brackets; another text when there are none. */
    static SqlText joined(String word, Collection<SqlText> pieces, String none) {
        if (pieces.isEmpty()) {
            return of(none);
        }
        SqlText all = of("(");
        String before = "";
        for (SqlText piece : pieces) {
            all.add(before).add(piece);
            before = " " + word + " ";
        }
        return all.add(")");
    }

    PreparedStatement prepare(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text.toString());
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            if (value instanceof OffsetDateTime) {
                statement.setObject(i + 1, value);
            } else if (value instanceof Collection<?> list) {
                statement.setArray(
                        i + 1,
                        connection.createArrayOf(
                                "text", list.stream().map(String::valueOf).toArray()));
            } else {
                // the server takes it for what stands on the other side
                statement.setObject(i + 1, String.valueOf(value), Types.OTHER);
            }
        }
        return statement;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
