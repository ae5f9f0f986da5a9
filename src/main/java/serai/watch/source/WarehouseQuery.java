package serai.watch.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.postgresql.util.PSQLException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;
import serai.warehouse.SqlSyntaxException;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** The query of a rule with {@code source: warehouse}, as rows of a window of time. */
final class WarehouseQuery {

    private static final Map<String, String> PARAMETERS =
            Map.of("from", "timestamptz", "to", "timestamptz", "rule", "text", "rules", "text[]");

    private final Rule rule;
    private final SelectText select;
    private final String time;
    private final String id;

    WarehouseQuery(Rule rule) {
        this.rule = rule;
        this.time = rule.timestampField();
        this.id = (String) rule.option("id_column");
        try {
            this.select = SelectText.of((String) rule.option("query"), PARAMETERS);
        } catch (SqlSyntaxException e) {
            throw new IllegalArgumentException("the query was not checked when the rule was loaded", e);
        }
    }

    /** Rows of the window, in brackets. */
    private SqlText window(Instant from, Instant to) {
        SqlText rows = SqlText.of("(select * from (");
        String column = "q1." + Relation.quote(time);
        Object[] values =
                select.parameters().stream().map(name -> value(name, from, to)).toArray();
        rows.add(select.prepared() + "\n", values).add(") q1 where " + column + " is not null");
        if (from != null) {
            rows.add(
                    " and " + column + " > ? and " + column + " <= ?",
                    from.atOffset(ZoneOffset.UTC),
                    to.atOffset(ZoneOffset.UTC));
        }
        return rows.add(")");
    }

    private Object value(String parameter, Instant from, Instant to) {
        return switch (parameter) {
            case "rule" -> rule.nameInFile();
            case "rules" ->
                rule.option("rules") instanceof List<?> names
                        ? names
                        : rule.option("rules") == null ? List.of() : List.of(rule.option("rules"));
            case "from" -> (from == null ? Instant.EPOCH : from).atOffset(ZoneOffset.UTC);
            default -> (to == null ? Instant.now() : to).atOffset(ZoneOffset.UTC);
        };
    }

    /** {@code from (...) q}: the rows of a window, for measuring them. */
    SqlText rows(Instant from, Instant to) {
        return SqlText.of("from ").add(window(from, to)).add(" q");
    }

    /**
     * {@code from (...) q} with {@code serai_micros}, the time, and {@code serai_id}, what tells rows apart: the
     * {@code id_column}, or the time and a hash of the whole row, numbered where rows are equal.
     */
    SqlText documents(Instant from, Instant to) {
        String micros = "(extract(epoch from q0." + Relation.quote(time) + "::timestamptz) * 1000000)::bigint";
        String text = "to_jsonb(q0)::text";
        String identity = id != null
                ? "q0." + Relation.quote(id) + "::text"
                : micros + " || '-' || md5(" + text + ") || coalesce('-' || nullif(row_number() over (partition by "
                        + text + "), 1), '')";
        return SqlText.of("from (select q0.*, to_jsonb(q0) as serai_row, " + micros + " as serai_micros, " + identity
                        + " as serai_id from ")
                .add(window(from, to))
                .add(" q0) q");
    }

    /**
     * The columns that it gives; this asks the warehouse, and no row is read.
     *
     * @throws RuleException when the warehouse refuses the query, or it has no such time column
     */
    QueryColumns columns(Connection connection) throws SQLException, RuleException {
        String before = "select * from (\n";
        String sql = before + select.definition() + "\n) q limit 0";
        QueryColumns columns;
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            columns = QueryColumns.of(r.getMetaData());
        } catch (PSQLException e) {
            throw refused(e, before);
        } catch (SqlFilter.UnknownException e) {
            throw rule.fileOptions().refused("query", RuleSources.place(rule.fileOptions(), null) + e.getMessage());
        }
        Options given = rule.fileOptions();
        if (columns.field(time).map(f -> f.kind() != QueryColumns.Kind.TIME).orElse(true)) {
            throw given.refused(
                    "timestamp_field",
                    "must name a column of the query that is a timestamp or a date, and '" + time
                            + "' is none; add it to the query (':to as at' where the query measures the present), or name another of "
                            + String.join(", ", columns.kinds().keySet()));
        }
        if (id != null && !columns.kinds().containsKey(id)) {
            throw given.refused("id_column", columns.unknown(id));
        }
        return columns;
    }

    private RuleException refused(PSQLException e, String before) throws SQLException {
        SqlSyntaxException mistake = select.mistake(e, before);
        return rule.fileOptions()
                .refused("query", RuleSources.place(rule.fileOptions(), mistake.line()) + mistake.getMessage());
    }
}
