package serai.watch.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.source.SqlFilter.UnknownException;

/**
 * Answers the questions of rules with {@code source: warehouse} from their query's rows. A question is one read-only
 * statement, bounded in time, rows and bytes; a few run at a time, the others wait in a queue.
 */
public final class WarehouseSearch implements Search, AutoCloseable {

    private static final int MOST_WAITING = 10_000;
    private static final int KNOWN = 10_000;
    private static final Duration NETWORK = Duration.ofSeconds(10);

    private final DataSource warehouse;
    private final Duration timeout;
    private final ThreadPoolExecutor threads;
    private final Map<String, QueryColumns> known = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, QueryColumns> eldest) {
            return size() > KNOWN;
        }
    });

    /**
     * @param timeout how long one statement may take
     * @param atATime statements that run at once; each holds a connection
     */
    public WarehouseSearch(DataSource warehouse, Duration timeout, int atATime) {
        this.warehouse = warehouse;
        this.timeout = timeout;
        this.threads = new ThreadPoolExecutor(
                atATime, atATime, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
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
                } catch (FailedException | RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new FailedException(
                    "More than " + MOST_WAITING + " questions wait for the warehouse;"
                            + " let rules over it run less often, or raise watch.warehouse-queries.",
                    e));
        }
        return answer;
    }

    /**
     * @throws RuleException when the query or a column that the rule names is wrong, or the warehouse cannot say so now
     */
    @Override
    public void check(Rule rule) throws RuleException {
        try (Connection c = reading()) {
            QueryColumns columns = new WarehouseQuery(rule).columns(c);
            // it may have got another column since it was asked before
            known.put((String) rule.option("query"), columns);
            SqlFilter.check(rule.fileOptions(), columns);
            for (String option : List.of(
                    "query_key", "compare_key", "metric_agg_key", "cardinality_field", "fields", "aggregation_key")) {
                for (String name : rule.fileOptions().texts(option)) {
                    if (columns.field(name).isEmpty()) {
                        throw rule.fileOptions().refused(option, columns.unknown(name));
                    }
                }
            }
        } catch (SQLException e) {
            throw rule.fileOptions()
                    .refused("query", "the warehouse could not judge it, and will be asked again: " + reason(e));
        }
    }

    private Answer answer(Request request) throws FailedException {
        if (request.kind() != Kind.SEARCH) {
            throw new FailedException(
                    "EQL and ES|QL are languages of Elasticsearch; the rule reads the warehouse", null);
        }
        try (Connection c = reading()) {
            return answer(c, request);
        } catch (SQLException e) {
            known.remove(request.rule().option("query"));
            throw new FailedException("The warehouse did not answer the query: " + reason(e), e);
        } catch (RuleException | UnknownException e) {
            known.remove(request.rule().option("query"));
            throw new FailedException(e.getMessage(), e);
        }
    }

    /**
     * In a transaction that only reads, each statement in bounded time; the pool ends it and puts all back when it is
     * closed.
     */
    private Connection reading() throws SQLException {
        Connection c = warehouse.getConnection();
        try (Statement s = c.createStatement()) {
            c.setReadOnly(true);
            c.setAutoCommit(false);
            // the server's own time-out does not reach us when the network is gone
            c.setNetworkTimeout(Runnable::run, (int) timeout.plus(NETWORK).toMillis());
            s.execute("set local statement_timeout = " + timeout.toMillis());
            return c;
        } catch (SQLException e) {
            c.close();
            throw e;
        }
    }

    private String reason(SQLException e) {
        return "57014".equals(e.getSQLState())
                ? "it took longer than watch.warehouse-timeout (" + timeout.toSeconds() + " s)"
                : e instanceof org.postgresql.util.PSQLException p && p.getServerErrorMessage() != null
                        ? p.getServerErrorMessage().getMessage()
                        : e.getMessage();
    }

    private Answer answer(Connection c, Request request)
            throws SQLException, RuleException, UnknownException, FailedException {
        WarehouseQuery query = new WarehouseQuery(request.rule());
        QueryColumns columns = known.get(request.rule().option("query"));
        if (columns == null) {
            columns = query.columns(c);
            known.put((String) request.rule().option("query"), columns);
        }
        return new WarehouseAnswer(c, query, columns).to(request);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
