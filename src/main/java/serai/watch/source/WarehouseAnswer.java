package serai.watch.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import serai.watch.query.Search;
import serai.watch.source.SqlFilter.UnknownException;

/** Puts one question of a rule to the rows of its query, and gives the answer in Elasticsearch's form. */
final class WarehouseAnswer {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};
    private static final int MOST_ROWS = 10_000;
    private static final long MOST_CHARACTERS = 64L << 20;

    private final Connection c;
    private final WarehouseQuery query;
    private final QueryColumns columns;

    /** @param c in a transaction: rows come in portions */
    WarehouseAnswer(Connection c, WarehouseQuery query, QueryColumns columns) {
        this.c = c;
        this.query = query;
        this.columns = columns;
    }

    Search.Answer to(Search.Request request) throws SQLException, UnknownException, Search.FailedException {
        JsonNode body = request.body();
        SqlText condition =
                body.has("query") ? new SqlFilter(columns).condition(body.get("query")) : SqlText.of("true");
        Instant[] window = window(request, body);
        int size = body.path("size").asInt(MOST_ROWS);
        if (size > 0) {
            return documents(
                    query.documents(window[0], window[1]).add(" where ").add(condition),
                    body,
                    Math.min(size, MOST_ROWS));
        }
        SqlText rows = query.rows(window[0], window[1]).add(" where ").add(condition);
        ObjectNode aggregations = body.has("aggs")
                ? new SqlAggregation(body.get("aggs"), columns).answer(c, rows)
                : JSON.createObjectNode();
        long total = body.path("track_total_hits").asBoolean() || !body.has("aggs") ? count(rows) : 0;
        return new Search.Answer(List.of(), null, total, aggregations);
    }

    /** The time asked for; where only rows by their ids are, the time that the ids hold. */
    private static Instant[] window(Search.Request request, JsonNode body) {
        if (request.from() != null || request.rule().option("id_column") != null) {
            return new Instant[] {request.from(), request.to()};
        }
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (JsonNode id : body.findPath("ids").path("values")) {
            String micros = id.asText().replaceFirst("(?<=.)-.*", "");
            if (micros.matches("-?\\d{1,18}")) {
                first = Math.min(first, Long.parseLong(micros));
                last = Math.max(last, Long.parseLong(micros));
            }
        }
        return last < first
                ? new Instant[2]
                : new Instant[] {
                    Instant.EPOCH.plus(first - 1, ChronoUnit.MICROS), Instant.EPOCH.plus(last, ChronoUnit.MICROS)
                };
    }

    private long count(SqlText rows) throws SQLException {
        try (PreparedStatement s = SqlText.of("select count(*) ").add(rows).prepare(c);
                ResultSet r = s.executeQuery()) {
            r.next();
            return r.getLong(1);
        }
    }

    private Search.Answer documents(SqlText rows, JsonNode body, int size) throws SQLException, Search.FailedException {
        String number = "('x' || left(md5(serai_id), 15))::bit(60)::bigint";
        SqlText sql = SqlText.of("select serai_micros, " + number + ", serai_id, serai_row::text ")
                .add(rows);
        JsonNode after = body.path("search_after");
        if (after.size() == 2) {
            sql.add(
                    " and (serai_micros, " + number + ") > (?, ?)",
                    after.get(0).asLong(),
                    after.get(1).asLong());
        }
        sql.add(" order by 1, 2 limit " + size);
        List<Search.Hit> hits = new ArrayList<>();
        ArrayNode last = null;
        long characters = 0;
        try (PreparedStatement s = sql.prepare(c)) {
            s.setFetchSize(500);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    String row = r.getString(4);
                    characters += row.length();
                    if (characters > MOST_CHARACTERS) {
                        throw new Search.FailedException(
                                "The query gives more than 64 MB at a time: select fewer"
                                        + " columns, or set max_query_size.",
                                null);
                    }
                    hits.add(new Search.Hit("warehouse", r.getString(3), JSON.readValue(row, FIELDS)));
                    last = JSON.createArrayNode().add(r.getLong(1)).add(r.getLong(2));
                }
            }
        } catch (JsonProcessingException e) {
            throw new Search.FailedException("A row of the query is no JSON", e);
        }
        return new Search.Answer(hits, last, hits.size(), JSON.createObjectNode());
    }
}
