package serai.load.replicate.mapping;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes the filters of a table a term, so that rows are compared as SQLite compares. */
final class FilterTerms {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d( \\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?)?");
    private static final Set<String> TRUE = Set.of("t", "true", "1", "y", "yes", "on");
    private static final Set<String> FALSE = Set.of("f", "false", "0", "n", "no", "off");

    private final SourceTable table;

    FilterTerms(SourceTable table) {
        this.table = table;
    }

    /** A row passes when it passes all filters of one of the rules. */
    SqliteTerm of(List<SelectionRule> rules) throws TableRefusedException {
        SqliteTerm any = null;
        for (SelectionRule rule : rules) {
            SqliteTerm all = null;
            for (SourceFilter filter : rule.filters()) {
                SqliteTerm term = of(rule, filter);
                all = all == null ? term : new SqliteTerm.Binary("AND", all, term);
            }
            any = any == null ? all : new SqliteTerm.Binary("OR", any, all);
        }
        return any;
    }

    private SqliteTerm of(SelectionRule rule, SourceFilter filter) throws TableRefusedException {
        int place = table.indexOf(filter.column());
        if (place < 0) {
            throw new TableRefusedException(table + ": the filter of " + rule + " is about the column '"
                    + filter.column() + "', which the table does not have");
        }
        SqliteTerm any = null;
        for (SourceFilter.Comparison comparison : filter.comparisons()) {
            SqliteTerm term = of(rule, table.columns().get(place), comparison);
            any = any == null ? term : new SqliteTerm.Binary("OR", any, term);
        }
        return any;
    }

    private SqliteTerm of(SelectionRule rule, SourceColumn column, SourceFilter.Comparison comparison)
            throws TableRefusedException {
        SqliteTerm value = new SqliteTerm.Column(column.name());
        return switch (comparison.operator()) {
            case EQ -> new SqliteTerm.Binary("=", value, constant(rule, column, comparison.first()));
            case NOTEQ -> new SqliteTerm.Binary("<>", value, constant(rule, column, comparison.first()));
            case GTE -> new SqliteTerm.Binary(">=", value, constant(rule, column, comparison.first()));
            case LTE, STE -> new SqliteTerm.Binary("<=", value, constant(rule, column, comparison.first()));
            case NULL -> new SqliteTerm.IsNull(value);
            case NOTNULL -> new SqliteTerm.Unary("NOT", new SqliteTerm.IsNull(value));
            case BETWEEN -> between(rule, column, comparison);
            case NOTBETWEEN -> new SqliteTerm.Unary("NOT", between(rule, column, comparison));
        };
    }

    private SqliteTerm between(SelectionRule rule, SourceColumn column, SourceFilter.Comparison comparison)
            throws TableRefusedException {
        SqliteTerm value = new SqliteTerm.Column(column.name());
        return new SqliteTerm.Binary(
                "AND",
                new SqliteTerm.Binary(">=", value, constant(rule, column, comparison.first())),
                new SqliteTerm.Binary("<=", value, constant(rule, column, comparison.second())));
    }

    private SqliteTerm constant(SelectionRule rule, SourceColumn column, String text) throws TableRefusedException {
        String type = ChangedType.base(column.type());
        if (type.equals("boolean")) {
            String word = text.toLowerCase(Locale.ROOT);
            if (!TRUE.contains(word) && !FALSE.contains(word)) {
                throw refused(rule, column, text, "true or false");
            }
            return new SqliteTerm.Constant(TRUE.contains(word) ? "true" : "false");
        }
        if (RowScope.isNumber(type) && SqliteValues.numberIfWhole(text) instanceof String) {
            throw refused(rule, column, text, "a number");
        }
        if ((type.startsWith("timestamp") || type.equals("date"))
                && !TIME.matcher(text).matches()) {
            throw refused(rule, column, text, "YYYY-MM-DD or YYYY-MM-DD HH:MM:SS");
        }
        if (type.equals("bytea")) {
            throw new TableRefusedException(
                    table + ": the filter of " + rule + " is about '" + column.name() + "', which holds bytes");
        }
        return new SqliteTerm.Constant(text);
    }

    private TableRefusedException refused(SelectionRule rule, SourceColumn column, String text, String form) {
        return new TableRefusedException(table + ": the filter of " + rule + " compares '" + column.name() + "' ("
                + column.type() + ") with '" + text + "': write " + form);
    }
}
