package serai.watch.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.source.SqlFilter.UnknownException;

/** What an aggregation measures in each group: one number, or several. */
final class SqlMeasure {

    private final String name;
    private final String type;
    private final JsonNode body;
    private final List<SqlText> selected = new ArrayList<>();

    SqlMeasure(String name, String type, JsonNode body, QueryColumns columns) throws UnknownException {
        this.name = name;
        this.type = type;
        this.body = body;
        switch (type) {
            case "min", "max", "avg" ->
                selected.add(SqlText.of(type + "(" + columns.require(body).number() + ")"));
            case "sum" ->
                selected.add(SqlText.of("coalesce(sum(" + columns.require(body).number() + "), 0)"));
            case "value_count" ->
                selected.add(SqlText.of("count(" + columns.require(body).text() + ")"));
            case "cardinality" ->
                selected.add(
                        SqlText.of("count(distinct " + columns.require(body).text() + ")"));
            case "percentiles" -> percentiles(columns);
            case "filters" -> filters(columns);
            default -> throw new UnknownException("the aggregation '" + type + "' is not known over the warehouse");
        }
    }

    private void percentiles(QueryColumns columns) throws UnknownException {
        String number = columns.require(body).number();
        for (JsonNode percent : body.path("percents")) {
            selected.add(SqlText.of(
                    "percentile_cont(?::float8 / 100) within group (order by " + number + ")", percent.asText()));
        }
    }

    private void filters(QueryColumns columns) throws UnknownException {
        SqlFilter filter = new SqlFilter(columns);
        List<SqlText> all = new ArrayList<>();
        for (Map.Entry<String, JsonNode> one : body.path("filters").properties()) {
            SqlText condition = filter.condition(one.getValue());
            all.add(condition);
            selected.add(SqlText.of("count(*) filter (where ").add(condition).add(")"));
        }
        selected.add(SqlText.of("count(*) filter (where ")
                .add(SqlText.joined("or", all, "false"))
                .add(" is not true)"));
    }

    /** What stands in the select for it. */
    List<SqlText> selected() {
        return selected;
    }

    /** Puts its answer, from this column on, in Elasticsearch's form. */
    void read(ResultSet row, int first, ObjectNode answer) throws SQLException {
        ObjectNode value = answer.putObject(name);
        int column = first;
        switch (type) {
            case "value_count", "cardinality" -> value.put("value", row.getLong(column));
            case "percentiles" -> {
                ObjectNode values = value.putObject("values");
                for (JsonNode percent : body.path("percents")) {
                    values.set(String.valueOf(percent.asDouble()), number(row, column++));
                }
            }
            case "filters" -> {
                ObjectNode buckets = value.putObject("buckets");
                for (Map.Entry<String, JsonNode> filter : body.path("filters").properties()) {
                    buckets.putObject(filter.getKey()).put("doc_count", row.getLong(column++));
                }
                if (body.path("other_bucket").asBoolean() || body.has("other_bucket_key")) {
                    buckets.putObject(body.path("other_bucket_key").asText("_other_"))
                            .put("doc_count", row.getLong(column));
                }
            }
            default -> value.set("value", number(row, column));
        }
    }

    private static JsonNode number(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        JsonNodeFactory json = JsonNodeFactory.instance;
        return row.wasNull() || !Double.isFinite(value) ? json.nullNode() : json.numberNode(value);
    }
}
