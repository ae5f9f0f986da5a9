package serai.watch.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import serai.watch.source.SqlFilter.UnknownException;

/**
 * The aggregations of a rule's query as one GROUP BY: buckets within buckets (terms, date_histogram), with a filter
 * around them if there is one, and in the innermost one the measures. Answers are in Elasticsearch's form.
 */
final class SqlAggregation {

    private static final int MOST_GROUPS = 200_000;
    private static final Set<String> BUCKETS = Set.of("terms", "date_histogram", "filter");
    private static final Pattern INTERVAL = Pattern.compile("([+-]?\\d{1,12})(ms|s|m|h|d)");
    private static final Map<String, Long> UNIT_MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private final QueryColumns columns;
    private final List<SqlBucket.Level> levels = new ArrayList<>();
    private final List<SqlMeasure> measures = new ArrayList<>();
    private String filterName;
    private SqlText filter = SqlText.of("true");

    SqlAggregation(JsonNode aggregations, QueryColumns columns) throws UnknownException {
        this.columns = columns;
        take(aggregations);
    }

    private void take(JsonNode aggregations) throws UnknownException {
        JsonNode inner = null;
        for (Map.Entry<String, JsonNode> entry : aggregations.properties()) {
            JsonNode definition = entry.getValue();
            String type = type(definition);
            if (!BUCKETS.contains(type)) {
                measures.add(new SqlMeasure(entry.getKey(), type, definition.get(type), columns));
            } else if (inner != null) {
                throw new UnknownException(
                        "two aggregations into buckets beside each other are not known over the warehouse");
            } else {
                bucket(entry.getKey(), type, definition.get(type));
                inner = definition.path("aggs");
            }
        }
        if (inner != null) {
            if (!measures.isEmpty()) {
                throw new UnknownException("a measure beside buckets is not known over the warehouse");
            }
            take(inner);
        }
    }

    private static String type(JsonNode definition) throws UnknownException {
        return definition.properties().stream()
                .map(Map.Entry::getKey)
                .filter(k -> !k.equals("aggs"))
                .findFirst()
                .orElseThrow(() -> new UnknownException("an aggregation has no kind"));
    }

    private void bucket(String name, String type, JsonNode body) throws UnknownException {
        if (type.equals("terms")) {
            String key = columns.require(body).json();
            levels.add(new SqlBucket.Level(
                    name,
                    key,
                    body.path("size").asInt(10),
                    body.path("min_doc_count").asLong(1),
                    false));
        } else if (type.equals("date_histogram")) {
            long step = millis(body.path("fixed_interval").asText());
            long offset = body.has("offset") ? millis(body.get("offset").asText()) : 0;
            String key = "to_jsonb((floor((" + columns.require(body).number() + " - " + offset + ") / " + step + ") * "
                    + step + " + " + offset + ")::bigint)";
            levels.add(new SqlBucket.Level(name, key, Integer.MAX_VALUE, 1, true));
        } else if (filterName == null && levels.isEmpty()) {
            filterName = name;
            filter = new SqlFilter(columns).condition(body);
        } else {
            throw new UnknownException("a filter within buckets is not known over the warehouse");
        }
    }

    private static long millis(String interval) throws UnknownException {
        Matcher parts = INTERVAL.matcher(interval);
        if (!parts.matches()) {
            throw new UnknownException(
                    "the interval '" + interval + "' is not known over the warehouse; write one such as 5m, 1h or 1d");
        }
        return Long.parseLong(parts.group(1)) * UNIT_MILLIS.get(parts.group(2));
    }

    /**
     * Asks and answers.
     *
     * @param rows the rows, as {@code from ... where ...} of a select
     */
    ObjectNode answer(Connection connection, SqlText rows) throws SQLException, UnknownException {
        SqlBucket root = new SqlBucket();
        try (PreparedStatement s = select(rows).prepare(connection);
                ResultSet row = s.executeQuery()) {
            for (int groups = 0; row.next(); groups++) {
                if (groups == MOST_GROUPS) {
                    throw new UnknownException(
                            "the query gives more than " + MOST_GROUPS + " groups; group by fewer columns");
                }
                take(row, root);
            }
            ObjectNode answer = root.answer(levels);
            return filterName == null
                    ? answer
                    : JsonNodeFactory.instance.objectNode().set(filterName, answer.put("doc_count", root.rows()));
        } catch (JsonProcessingException e) {
            throw new SQLException("the warehouse gave a key that is no JSON", e);
        }
    }

    private SqlText select(SqlText rows) {
        SqlText sql = SqlText.of("select ");
        levels.forEach(level -> sql.add(level.key() + "::text, "));
        sql.add("count(*)");
        measures.forEach(
                measure -> measure.selected().forEach(one -> sql.add(", ").add(one)));
        sql.add(" ").add(rows).add(" and ").add(filter);
        return levels.isEmpty()
                ? sql
                : sql.add(IntStream.rangeClosed(1, levels.size())
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(", ", " group by ", " limit " + (MOST_GROUPS + 1))));
    }

    private void take(ResultSet row, SqlBucket root) throws SQLException {
        long rows = row.getLong(levels.size() + 1);
        root.count(rows);
        SqlBucket bucket = root;
        for (int level = 1; level <= levels.size(); level++) {
            String key = row.getString(level);
            if (key == null || key.equals("null")) {
                return;
            }
            bucket = bucket.within(key, rows);
        }
        int column = levels.size() + 2;
        for (SqlMeasure measure : measures) {
            measure.read(row, column, bucket.measures());
            column += measure.selected().size();
        }
    }
}
