package serai.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * SQL statements on one connection, for everything but COPY. A statement has {@code ?} for each parameter; values are
 * bound and never pasted into the text. Statements run in the connection's transaction; nothing here commits.
 *
 * <p>An {@link Instant} is bound as {@code timestamptz}, a collection as an array of its first element's type:
 * {@code text}, {@code bigint} for whole numbers, {@code boolean}, {@code date}, {@code timestamptz}, {@code bytea}. An
 * empty collection, or one of nulls, is a {@code text[]}: cast it where the server needs another type.
 */
public final class Sql {

    /** A pair of surrogates is one code point, and not matched. */
    private static final Pattern NOT_STORABLE = Pattern.compile("[\\x00\\ud800-\\udfff]");

    private final Connection connection;

    private Sql(Connection connection) {
        this.connection = connection;
    }

    /** Statements on a connection, which stays the caller's to close. */
    public static Sql on(Connection connection) {
        return new Sql(connection);
    }

    /** Makes a value of the current row. */
    @FunctionalInterface
    public interface Mapper<T> {
        /** @return the value; null is kept as an element of a list */
        T map(Row row) throws SQLException;
    }

    /** Takes in the current row. */
    @FunctionalInterface
    public interface Reader {
        /** Reads the columns that it needs; the row must not be kept. */
        void read(Row row) throws SQLException;
    }

    /** All rows of a query, in memory. */
    public <T> List<T> list(String sql, Mapper<T> mapper, Object... parameters) throws SQLException {
        List<T> rows = new ArrayList<>();
        each(sql, row -> rows.add(mapper.map(row)), parameters);
        return rows;
    }

    /** The first row of a query; empty when there is none, or when it maps to null. */
    public <T> Optional<T> first(String sql, Mapper<T> mapper, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet result = statement.executeQuery()) {
            return result.next() ? Optional.ofNullable(mapper.map(new Row(result))) : Optional.empty();
        } catch (SQLException e) {
            throw ServerErrors.withoutValues(e);
        }
    }

    /** The rows of a query, one after the other. */
    public void each(String sql, Reader reader, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet result = statement.executeQuery()) {
            Row row = new Row(result);
            while (result.next()) {
                reader.read(row);
            }
        } catch (SQLException e) {
            throw ServerErrors.withoutValues(e);
        }
    }

    /**
     * Runs an INSERT, UPDATE, DELETE or DDL statement.
     *
     * @return the rows that it wrote, 0 for DDL
     */
    public long update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeLargeUpdate();
        } catch (SQLException e) {
            throw ServerErrors.withoutValues(e);
        }
    }

    /** Runs one statement once for each list of parameters, in one exchange with the server. */
    public void batch(String sql, Collection<List<Object>> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (List<Object> row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw ServerErrors.withoutValues(e);
        }
    }

    /**
     * Runs statements without parameters, separated by semicolons; a {@code ?} in them is an operator.
     *
     * @return the rows that the first one wrote; 0 for DDL, -1 for a query
     */
    public long execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return statement.getLargeUpdateCount();
        } catch (SQLException e) {
            throw ServerErrors.withoutValues(e);
        }
    }

    /** A text as an SQL literal, for statements that take no parameters, such as COMMENT. */
    public static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** A text as {@code text} and {@code jsonb} can hold it: NUL and halves of surrogate pairs become U+FFFD. */
    public static String storable(String text) {
        return text == null ? null : NOT_STORABLE.matcher(text).replaceAll("\uFFFD");
    }

    /**
     * Parameters for {@code unnest}: one list for each column, with a value of each row. The statement casts them, as
     * in {@code unnest(?::text[], ?::timestamptz[])}, and so writes any number of rows at once.
     */
    @SafeVarargs
    public static <T> Object[] columns(Collection<T> rows, Function<? super T, ?>... columns) {
        List<Object> parameters = new ArrayList<>();
        for (Function<? super T, ?> column : columns) {
            parameters.add(rows.stream().map(column).toList());
        }
        return parameters.toArray();
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            bind(statement, Arrays.asList(parameters));
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private void bind(PreparedStatement statement, List<?> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            statement.setObject(i + 1, bound(parameters.get(i)));
        }
    }

    private Object bound(Object value) throws SQLException {
        if (value instanceof Instant instant) {
            return instant.atOffset(ZoneOffset.UTC);
        }
        if (value instanceof Collection<?> values) {
            return connection.createArrayOf(
                    elementType(values), values.stream().map(Sql::element).toArray());
        }
        return value;
    }

    private static Object element(Object value) {
        if (value instanceof Instant instant) {
            return text(instant);
        }
        return value instanceof LocalDate date ? text(date) : value;
    }

    /** A date as PostgreSQL reads it, also before the year 1. */
    public static String text(LocalDate date) {
        return era(date, dateText(date));
    }

    /** A time as PostgreSQL reads it, also before the year 1. */
    public static String text(Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        return era(time.toLocalDate(), dateText(time.toLocalDate()) + " " + time.toLocalTime() + "Z");
    }

    /** As PostgreSQL writes a date: the year without a sign, also beyond 9999. */
    private static String dateText(LocalDate date) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return String.format("%04d-%02d-%02d", year, date.getMonthValue(), date.getDayOfMonth());
    }

    private static String era(LocalDate date, String text) {
        return date.getYear() > 0 ? text : text + " BC";
    }

    private static String elementType(Collection<?> values) {
        Object first = values.stream()
                .filter(Objects::nonNull)
                .map(Object.class::cast)
                .findFirst()
                .orElse("");
        if (first instanceof Long || first instanceof Integer) {
            return "bigint";
        }
        if (first instanceof Boolean) {
            return "boolean";
        }
        if (first instanceof LocalDate) {
            return "date";
        }
        if (first instanceof byte[]) {
            return "bytea";
        }
        return first instanceof Instant ? "timestamptz" : "text";
    }
}
