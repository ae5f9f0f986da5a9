package serai.watch.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.postgresql.util.PSQLException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;
import serai.warehouse.SqlSyntaxException;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * The SELECT of a rule with {@code source: warehouse} or {@code source: matches}, its filters, and the columns that it
 * gives. It is read once for each rule, and does not hold it: rules are weak keys.
 */
final class RuleSelect {

    private static final Map<String, String> PARAMETERS =
            Map.of("from", "timestamptz", "to", "timestamptz", "rule", "text", "rules", "text[]");

    private final Options options;
    private final String rule;
    private final List<String> rules;
    private final SelectText select;
    private final String time;
    private final String id;
    private final List<RowFilter> filters;
    private final List<RowFilter> matching;
    private volatile QueryColumns columns;

    /** @throws RuleException when a filter is not one for rows */
    RuleSelect(Rule rule) throws RuleException {
        this.options = rule.fileOptions();
        this.rule = rule.nameInFile();
        this.rules = names(rule.option("rules"));
        this.time = rule.timestampField();
        this.id = (String) rule.option("id_column");
        this.filters = RowFilter.of(options, "filter");
        this.matching = RowFilter.of(options, "match_bucket_filter");
        try {
            this.select = SelectText.of((String) rule.option("query"), PARAMETERS);
        } catch (SqlSyntaxException e) {
            throw new IllegalArgumentException("the query was not checked when the rule was loaded", e);
        }
    }

    /** The rows that the rule's {@code match_bucket_filter} matches. */
    RowFilter matching() {
        return RowFilter.all(matching);
    }

    /** The time column of the rows {@code q}. */
    String time() {
        return "q." + Relation.quote(time);
    }

    /** {@code from (...) q where ...}: the rows of a window that pass the rule's filters, for counting. */
    SqlText rows(Window window, QueryColumns known) throws Search.FailedException {
        return SqlText.of("from ")
                .add(window(window))
                .add(" q where ")
                .add(RowFilter.all(filters).sql(known));
    }

    /**
     * The same rows as documents: {@code serai_row} is the row as JSON, {@code serai_micros} its time in microseconds.
     * Rows are identified by {@code serai_id}: the {@code id_column}, or the time and a hash of the whole row, numbered
     * where rows are equal.
     */
    SqlText documents(Window window, QueryColumns known) throws Search.FailedException {
        String micros = "(extract(epoch from q0." + Relation.quote(time) + "::timestamptz) * 1000000)::bigint";
        String text = "to_jsonb(q0)::text";
        String identity = id != null
                ? "q0." + Relation.quote(id) + "::text"
                : micros + " || '-' || md5(" + text + ") || coalesce('-' || nullif(row_number() over (partition by "
                        + text + "), 1), '')";
        return SqlText.of("from (select q0.*, to_jsonb(q0) as serai_row, " + micros + " as serai_micros, " + identity
                        + " as serai_id from ")
                .add(window(window))
                .add(" q0) q where ")
                .add(RowFilter.all(filters).sql(known));
    }

    private SqlText window(Window window) {
        Object[] values =
                select.parameters().stream().map(name -> value(name, window)).toArray();
        String column = "q1." + Relation.quote(time);
        return SqlText.of("(select * from (")
                .add(select.prepared() + "\n", values)
                .add(") q1 where " + column + " > ? and " + column + " <= ?)", window.from(), window.to());
    }

    private Object value(String parameter, Window window) {
        return switch (parameter) {
            case "rule" -> rule;
            case "rules" -> rules;
            case "from" -> window.from();
            default -> window.to();
        };
    }

    private static List<String> names(Object rules) {
        List<?> names = rules instanceof List<?> list ? list : rules == null ? List.of() : List.of(rules);
        return names.stream().map(String::valueOf).toList();
    }

    /**
     * The columns of the SELECT, which the warehouse is asked for once; no row is read.
     *
     * @throws RuleException when the warehouse refuses the SELECT, or it has no such time column
     */
    QueryColumns columns(Connection connection) throws SQLException, RuleException {
        QueryColumns known = columns;
        if (known == null) {
            known = read(connection);
            columns = known;
        }
        return known;
    }

    /** Asks for the columns again with the next query: they may have changed. */
    void forgetColumns() {
        columns = null;
    }

    private QueryColumns read(Connection connection) throws SQLException, RuleException {
        String before = "select * from (\n";
        String sql = before + select.definition() + "\n) q limit 0";
        QueryColumns read;
        // not prepared: a position in an error is one in this text
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            read = QueryColumns.of(result.getMetaData());
        } catch (PSQLException e) {
            throw refused(e, before);
        } catch (Search.FailedException e) {
            throw options.refused("query", RuleSources.place(options, null) + e.getMessage());
        }
        if (read.field(time).map(f -> f.kind() != QueryColumns.Kind.TIME).orElse(true)) {
            throw options.refused(
                    "timestamp_field",
                    "must name a column of the query that is a timestamp or a date, and '" + time
                            + "' is not one; add it to the query (':to as at' where the query measures the present), or"
                            + " name another of "
                            + String.join(", ", read.types().keySet()));
        }
        if (id != null && !read.types().containsKey(id)) {
            throw options.refused("id_column", read.unknown(id));
        }
        return read;
    }

    private RuleException refused(PSQLException e, String before) throws SQLException {
        SqlSyntaxException mistake = select.mistake(e, before);
        return options.refused("query", RuleSources.place(options, mistake.line()) + mistake.getMessage());
    }

    /**
     * Checks the SELECT, and that the columns which filters and options name are there.
     *
     * @throws RuleException when the warehouse refuses the SELECT, a column is missing, or a filter cannot compare it
     */
    void check(Connection connection) throws SQLException, RuleException {
        QueryColumns known = columns(connection);
        check("filter", filters, known);
        check("match_bucket_filter", matching, known);
        for (String option : List.of(
                "query_key", "compare_key", "metric_agg_key", "cardinality_field", "fields", "aggregation_key")) {
            for (String name : options.texts(option)) {
                if (known.field(name).isEmpty()) {
                    throw options.refused(option, known.unknown(name));
                }
            }
        }
    }

    private void check(String option, List<RowFilter> of, QueryColumns known) throws RuleException {
        for (int i = 0; i < of.size(); i++) {
            try {
                of.get(i).sql(known);
            } catch (Search.FailedException e) {
                throw options.refused(option, i, e.getMessage());
            }
        }
    }
}
