package serai.watch.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Search.Answer;
import serai.watch.query.Search.Bucket;
import serai.watch.query.Search.Count;
import serai.watch.query.Window;
import serai.watch.rule.RuleException;
import serai.watch.source.QueryColumns.Field;

/**
 * Answers queries from the rows of a rule's SELECT: documents are its rows, everything else is one GROUP BY. Buckets
 * are those that Elasticsearch gives.
 */
final class SqlQuery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};
    private static final TypeReference<Object> ANY = new TypeReference<>() {};
    private static final int MAX_ROWS = 10_000;
    private static final long MAX_CHARACTERS = 64L << 20;
    private static final int MAX_GROUPS = 200_000;

    private final Sql sql;
    private final RuleSelect select;
    private final QueryColumns columns;

    /**
     * @param connection in a transaction, where rows are fetched in portions
     * @throws Search.FailedException when the warehouse refuses the SELECT
     */
    SqlQuery(Connection connection, RuleSelect select) throws SQLException, Search.FailedException {
        this.sql = Sql.on(connection);
        this.select = select;
        try {
            this.columns = select.columns(connection);
        } catch (RuleException e) {
            throw new Search.FailedException(e.getMessage(), e);
        }
    }

    /** @throws Search.FailedException when a column is missing, or there are too many groups */
    Answer answer(Query query) throws SQLException, Search.FailedException {
        if (query instanceof Query.Documents page) {
            return documents(page);
        }
        if (query instanceof Query.Counts counts) {
            List<Count> found = new ArrayList<>();
            for (Window interval : counts.intervals()) {
                found.add(count(counts, interval));
            }
            return Answer.counts(found, 0);
        }
        if (query instanceof Query.Metrics metrics) {
            return metrics(metrics);
        }
        if (query instanceof Query.FieldValues values) {
            return values(values);
        }
        throw new IllegalArgumentException("rows are not read by their ids");
    }

    /** The first page; there are no others. */
    private Answer documents(Query.Documents query) throws SQLException, Search.FailedException {
        SqlText rows = SqlText.of("select serai_id, serai_row::text as serai_row ")
                .add(select.documents(query.page(), columns))
                .add(" order by serai_micros, serai_id limit " + Math.min(query.size(), MAX_ROWS));
        List<Search.Hit> hits = new ArrayList<>();
        long[] characters = {0};
        sql.each(
                rows.text(),
                row -> {
                    String document = row.text("serai_row");
                    characters[0] += document.length();
                    if (characters[0] > MAX_CHARACTERS) {
                        throw new SQLException(
                                "it gives more than 64 MB at a time; select fewer columns, or set max_query_size");
                    }
                    hits.add(new Search.Hit("warehouse", row.text("serai_id"), json(document, FIELDS)));
                },
                rows.values());
        return Answer.documents(hits, null, 0);
    }

    private Count count(Query.Counts query, Window interval) throws SQLException, Search.FailedException {
        SqlText rows = select.rows(interval, columns);
        for (Map.Entry<String, Object> one : query.where().entrySet()) {
            rows.add(" and ").add(columns.require(one.getKey()).compared("=", one.getValue()));
        }
        if (query.terms() == null) {
            return new Count(documents(groups(List.of(), null, null, rows)), Map.of());
        }
        List<Bucket> groups = groups(List.of(query.terms().field()), null, null, rows);
        Map<Object, Long> terms = new LinkedHashMap<>();
        largest(groups, List.of(query.terms()), 0)
                .forEach(group -> terms.put(group.keys().get(0), group.documents()));
        return new Count(documents(groups), terms);
    }

    private Answer metrics(Query.Metrics query) throws SQLException, Search.FailedException {
        List<String> keys = query.keys().stream().map(Query.Terms::field).toList();
        List<Bucket> groups = groups(keys, interval(query), measure(query), select.rows(query.window(), columns));
        return Answer.metrics(documents(groups), largest(groups, query.keys(), 0));
    }

    /** The beginning of a row's interval in milliseconds; null when time is not divided. */
    private String interval(Query.Metrics query) throws Search.FailedException {
        if (query.interval() == null) {
            return null;
        }
        long step = query.interval().toMillis();
        long offset = query.offsetSeconds() * 1_000;
        String millis = columns.require(query.rule().timestampField()).number();
        return "(floor((" + millis + " - " + offset + ") / " + step + ") * " + step + " + " + offset + ")::bigint";
    }

    private SqlText measure(Query.Metrics query) throws Search.FailedException {
        if (query.isPercentage()) {
            return SqlText.of("count(*) filter (where ")
                    .add(select.matching().sql(columns))
                    .add(")");
        }
        Field field = columns.require(query.field());
        return switch (query.kind()) {
            case "min", "max", "avg" -> SqlText.of(query.kind() + "(" + field.number() + ")");
            case "sum" -> SqlText.of("coalesce(sum(" + field.number() + "), 0)");
            case "value_count" -> SqlText.of("count(" + field.text() + ")");
            case "cardinality" -> SqlText.of("count(distinct " + field.text() + ")");
            case "percentiles" ->
                SqlText.of(
                        "percentile_cont(?::float8 / 100) within group (order by " + field.number() + ")",
                        String.valueOf(query.rule().option("percentile_range")));
            default -> throw new IllegalArgumentException("no measure " + query.kind());
        };
    }

    private Answer values(Query.FieldValues query) throws SQLException, Search.FailedException {
        // the window here has its beginning and not its end
        Window wide =
                new Window(query.window().from().minusMillis(1), query.window().to());
        SqlText rows = select.rows(wide, columns)
                .add(
                        " and " + select.time() + " >= ? and " + select.time() + " < ?",
                        query.window().from(),
                        query.window().to());
        List<Bucket> groups = groups(query.fields(), null, null, rows);
        return Answer.values(
                groups.stream().filter(group -> !group.keys().contains(null)).toList(), null);
    }

    /**
     * The groups of rows, in the order of their intervals.
     *
     * @param keys fields to group by; a row without a value is in the group of null
     * @param interval an expression for the milliseconds at which a row's interval begins, or null
     * @param measure an aggregate, or null
     */
    private List<Bucket> groups(List<String> keys, String interval, SqlText measure, SqlText rows)
            throws SQLException, Search.FailedException {
        List<String> by = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            by.add(columns.require(keys.get(i)).json() + "::text as key" + i);
        }
        if (interval != null) {
            by.add(interval + " as start");
        }
        SqlText text = SqlText.of("select " + by.stream().map(one -> one + ", ").collect(Collectors.joining()))
                .add("count(*) as documents, ")
                .add(measure == null ? SqlText.of("null") : measure)
                .add(" as value ")
                .add(rows);
        if (!by.isEmpty()) {
            String places = IntStream.rangeClosed(1, by.size())
                    .mapToObj(String::valueOf)
                    .collect(Collectors.joining(", "));
            text.add(" group by " + places + " order by " + by.size() + " limit " + (MAX_GROUPS + 1));
        }
        List<Bucket> groups = sql.list(text.text(), row -> bucket(row, keys.size(), interval), text.values());
        if (groups.size() > MAX_GROUPS) {
            throw new Search.FailedException(
                    "The query gives more than " + MAX_GROUPS + " groups; group by fewer columns", null);
        }
        return groups;
    }

    private static Bucket bucket(Row row, int keys, String interval) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            String key = row.text("key" + i);
            values.add(key == null ? null : json(key, ANY));
        }
        Instant start = interval == null ? null : Instant.ofEpochMilli(row.number("start"));
        Object value = row.result().getObject("value");
        boolean number = value instanceof Number n && Double.isFinite(n.doubleValue());
        return new Bucket(values, start, row.number("documents"), number ? (Number) value : null);
    }

    private static <T> T json(String text, TypeReference<T> type) throws SQLException {
        try {
            return JSON.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new SQLException("it gives a row that is no JSON", e);
        }
    }

    private static long documents(List<Bucket> groups) {
        return groups.stream().mapToLong(Bucket::documents).sum();
    }

    /**
     * The buckets that Elasticsearch would give: of each key's values the most frequent ones, and in them those of the
     * next key. Groups without a value are in no bucket.
     */
    private static List<Bucket> largest(List<Bucket> groups, List<Query.Terms> keys, int level) {
        if (level == keys.size()) {
            return groups;
        }
        Map<Object, List<Bucket>> byKey = new LinkedHashMap<>();
        for (Bucket group : groups) {
            if (group.keys().get(level) != null) {
                byKey.computeIfAbsent(group.keys().get(level), key -> new ArrayList<>())
                        .add(group);
            }
        }
        return byKey.entrySet().stream()
                .filter(entry -> documents(entry.getValue()) >= keys.get(level).minDocuments())
                .sorted(Comparator.<Map.Entry<Object, List<Bucket>>>comparingLong(entry -> -documents(entry.getValue()))
                        .thenComparing(entry -> String.valueOf(entry.getKey())))
                .limit(keys.get(level).size())
                .flatMap(entry -> largest(entry.getValue(), keys, level + 1).stream())
                .toList();
    }
}
