package serai.watch.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.search.Search;
import serai.watch.source.SqlFilter.UnknownException;

/**
 * Answers the questions of rules with {@code source: warehouse} from their query's rows. A question is one read-only statement, bounded in
 * time, rows and bytes; a few run at a time, the others wait in a queue.
 */
public final class WarehouseSearch implements Search, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() { };
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_ROWS = 10_000;
    private static final long MOST_CHARACTERS = 64L << 20;
    private static final int KNOWN = 10_000;

    private final DataSource warehouse;
    private final Duration timeout;
    private final ThreadPoolExecutor threads;
    private final Map<String, Columns> known = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Columns> eldest) {
            return size() > KNOWN;
        }
    });

    /**
     * @param timeout  how long one statement may take
     * @param atATime  statements that run at once; each holds a connection
     */
    public WarehouseSearch(DataSource warehouse, Duration timeout, int atATime) {
        this.warehouse = warehouse;
        this.timeout = timeout;
        this.threads = new ThreadPoolExecutor(atATime, atATime, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING),
                work -> {
                    Thread thread = new Thread(work, "watch-warehouse");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(answer(request));
                } catch (FailedException | RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new FailedException("More than " + MOST_WAITING + " questions wait for the warehouse;"
                    + " let rules over it run less often, or raise watch.warehouse-queries.", e));
        }
        return answer;
    }

    /**
     * Refuses a rule whose query the warehouse does not take; to be called when a rule is loaded.
     *
     * @throws RuleException when the query or a column that the rule names is wrong, or the warehouse cannot say so now
     */
    public void check(Rule rule) throws RuleException {
        try (Connection c = warehouse.getConnection()) {
            Columns columns = new WarehouseQuery(rule).columns(c);
            for (String option : List.of("query_key", "compare_key", "metric_agg_key", "cardinality_field", "fields", "aggregation_key")) {
                for (String name : rule.given().texts(option)) {
                    if (columns.field(name).isEmpty()) {
                        throw rule.given().refused(option, columns.unknown(name));
                    }
                }
            }
        } catch (SQLException e) {
            throw rule.given().refused("query", "the warehouse could not judge it, and will be asked again: " + e.getMessage());
        }
    }

    private Answer answer(Request request) throws FailedException {
        if (request.kind() != Kind.SEARCH) {
            throw new FailedException("EQL and ES|QL are languages of Elasticsearch; the rule reads the warehouse", null);
        }
        try (Connection c = warehouse.getConnection()) {
            c.setReadOnly(true);
            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                s.execute("set local statement_timeout = " + timeout.toMillis());
                return answer(c, request);
            } finally {
                c.rollback();
                c.setAutoCommit(true);
                c.setReadOnly(false);
            }
        } catch (SQLException e) {
            known.remove(request.rule().option("query"));
            throw new FailedException("The warehouse did not answer the query: " + reason(e), e);
        } catch (RuleException | UnknownException e) {
            throw new FailedException(e.getMessage(), e);
        }
    }

    private String reason(SQLException e) {
        return "57014".equals(e.getSQLState()) ? "it took longer than watch.warehouse-timeout (" + timeout.toSeconds() + " s)"
                : e instanceof org.postgresql.util.PSQLException p && p.getServerErrorMessage() != null
                ? p.getServerErrorMessage().getMessage() : e.getMessage();
    }

    private Answer answer(Connection c, Request request) throws SQLException, RuleException, UnknownException, FailedException {
        WarehouseQuery query = new WarehouseQuery(request.rule());
        Columns columns = known.get(request.rule().option("query"));
        if (columns == null) {
            columns = query.columns(c);
            known.put((String) request.rule().option("query"), columns);
        }
        JsonNode body = request.body();
        Sql condition = body.has("query") ? new SqlFilter(columns).condition(body.get("query")) : Sql.of("true");
        Instant[] window = window(request, body);
        int size = body.path("size").asInt(MOST_ROWS);
        if (size > 0) {
            return documents(c, query.documents(window[0], window[1]).add(" where ").add(condition), body, Math.min(size, MOST_ROWS));
        }
        Sql rows = query.rows(window[0], window[1]).add(" where ").add(condition);
        ObjectNode aggregations = body.has("aggs") ? new SqlAggregation(body.get("aggs"), columns).answer(c, rows) : JSON.createObjectNode();
        long total = body.path("track_total_hits").asBoolean() || !body.has("aggs") ? count(c, rows) : 0;
        return new Answer(List.of(), null, total, aggregations);
    }

    /** The time asked for; where only rows by their ids are, the time that the ids hold. */
    private static Instant[] window(Request request, JsonNode body) {
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
        return last < first ? new Instant[2]
                : new Instant[] {Instant.EPOCH.plus(first - 1, ChronoUnit.MICROS), Instant.EPOCH.plus(last, ChronoUnit.MICROS)};
    }

    private static long count(Connection c, Sql rows) throws SQLException {
        try (PreparedStatement s = Sql.of("select count(*) ").add(rows).prepare(c); ResultSet r = s.executeQuery()) {
            r.next();
            return r.getLong(1);
        }
    }

    private static Answer documents(Connection c, Sql rows, JsonNode body, int size) throws SQLException, FailedException {
        String number = "('x' || left(md5(serai_id), 15))::bit(60)::bigint";
        Sql sql = Sql.of("select serai_micros, " + number + ", serai_id, serai_row::text ").add(rows);
        JsonNode after = body.path("search_after");
        if (after.size() == 2) {
            sql.add(" and (serai_micros, " + number + ") > (?, ?)", after.get(0).asLong(), after.get(1).asLong());
        }
        sql.add(" order by 1, 2 limit " + size);
        List<Hit> hits = new ArrayList<>();
        ArrayNode last = null;
        long characters = 0;
        try (PreparedStatement s = sql.prepare(c)) {
            s.setFetchSize(500);
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    String row = r.getString(4);
                    characters += row.length();
                    if (characters > MOST_CHARACTERS) {
                        throw new FailedException("The query gives more than 64 MB at a time: select fewer columns, or set max_query_size.",
                                null);
                    }
                    hits.add(new Hit("warehouse", r.getString(3), JSON.readValue(row, FIELDS)));
                    last = JSON.createArrayNode().add(r.getLong(1)).add(r.getLong(2));
                }
            }
        } catch (JsonProcessingException e) {
            throw new FailedException("A row of the query is no JSON", e);
        }
        return new Answer(hits, last, hits.size(), JSON.createObjectNode());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
