package serai.watch.source;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import serai.watch.query.Search;
import serai.watch.source.QueryColumns.Field;
import serai.watch.source.QueryColumns.Kind;

/** A filter of a rule over rows. {@link RowFilterParser} reads it from Elasticsearch's language. */
sealed interface RowFilter {

    /**
     * The condition on rows {@code q}.
     *
     * @throws Search.FailedException when a column is missing, or cannot be compared so
     */
    SqlText sql(QueryColumns columns) throws Search.FailedException;

    private static List<SqlText> each(List<RowFilter> filters, QueryColumns columns) throws Search.FailedException {
        List<SqlText> conditions = new ArrayList<>();
        for (RowFilter filter : filters) {
            conditions.add(filter.sql(columns));
        }
        return conditions;
    }

    /** Every filter holds; true when there is none. */
    record All(List<RowFilter> filters) implements RowFilter {
        @Override
        public SqlText sql(QueryColumns columns) throws Search.FailedException {
            return SqlText.joined("and", each(filters, columns), "true");
        }
    }

    /** At least one filter holds; false when there is none. */
    record Any(List<RowFilter> filters) implements RowFilter {
        @Override
        public SqlText sql(QueryColumns columns) throws Search.FailedException {
            return SqlText.joined("or", each(filters, columns), "false");
        }
    }

    /** The filter does not hold; it does not hold for a row without the value. */
    record Not(RowFilter filter) implements RowFilter {
        @Override
        public SqlText sql(QueryColumns columns) throws Search.FailedException {
            return SqlText.of("(").add(filter.sql(columns)).add(" is not true)");
        }
    }

    /** There is a value. */
    record Exists(String field) implements RowFilter {
        @Override
        public SqlText sql(QueryColumns columns) throws Search.FailedException {
            return SqlText.of("(" + columns.require(field).text() + " is not null)");
        }
    }

    /** The value's text begins with another. */
    record Prefix(String field, String prefix) implements RowFilter {
        @Override
        public SqlText sql(QueryColumns columns) throws Search.FailedException {
            return SqlText.of("starts_with(" + columns.require(field).text() + ", ?)", prefix);
        }
    }

    /**
     * The value compares with another.
     *
     * @param operator of SQL
     * @param value text, a number or a boolean
     */
    record Compared(String field, String operator, Object value) implements RowFilter {

        private static final Pattern DATE_MATH = Pattern.compile("now.+|.*\\|\\|.*");

        @Override
        public SqlText sql(QueryColumns columns) throws Search.FailedException {
            Field column = columns.require(field);
            if (column.kind() == Kind.TIME
                    && DATE_MATH.matcher(String.valueOf(value)).matches()) {
                throw new Search.FailedException(
                        "'" + value + "' is not known over the warehouse; write it into the query's where, as in"
                                + " at > :to - interval '1 hour'",
                        null);
            }
            return column.compared(operator, value);
        }
    }
}
