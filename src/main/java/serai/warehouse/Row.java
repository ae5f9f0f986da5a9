package serai.warehouse;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;

/** The current row of a query of {@link Sql}. Columns are named as in the result. */
public final class Row {

    private final ResultSet result;

    Row(ResultSet result) {
        this.result = result;
    }

    /** Text of any type's output form, or null. */
    public String text(String column) throws SQLException {
        return result.getString(column);
    }

    /** A whole number; 0 for NULL. */
    public long number(String column) throws SQLException {
        return result.getLong(column);
    }

    /** A whole number, or null. */
    public Long numberOrNull(String column) throws SQLException {
        long number = result.getLong(column);
        return result.wasNull() ? null : number;
    }

    /** A double, or null. */
    public Double realOrNull(String column) throws SQLException {
        double number = result.getDouble(column);
        return result.wasNull() ? null : number;
    }

    /** A boolean; false for NULL. */
    public boolean flag(String column) throws SQLException {
        return result.getBoolean(column);
    }

    /** A {@code timestamptz}, or null. */
    public Instant instant(String column) throws SQLException {
        OffsetDateTime time = result.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** A {@code date}, or null. */
    public LocalDate date(String column) throws SQLException {
        return result.getObject(column, LocalDate.class);
    }

    /** A {@code bytea}, or null. */
    public byte[] bytes(String column) throws SQLException {
        return result.getBytes(column);
    }

    /** A {@code text[]}; an empty list for NULL. */
    public List<String> texts(String column) throws SQLException {
        Array array = result.getArray(column);
        return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
    }

    /** The driver's row, for what has no method here. */
    public ResultSet result() {
        return result;
    }
}
