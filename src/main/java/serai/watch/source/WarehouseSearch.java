package serai.watch.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import serai.warehouse.Sql;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * Answers the queries of rules with {@code source: warehouse} or {@code source: matches} from the rows of their SELECT.
 * Statements only read, and are bounded in time, rows and bytes; a few run at a time, the others wait in a queue.
 */
public final class WarehouseSearch implements Search, AutoCloseable {

    private static final int MAX_WAITING = 10_000;
    private static final Duration NETWORK = Duration.ofSeconds(10);
    private static final int PORTION = 500;

    private final DataSource warehouse;
    private final Duration timeout;
    private final ThreadPoolExecutor threads;
    private final Map<Rule, RuleSelect> known = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param timeout how long one statement may take
     * @param atATime statements that run at once; each holds a connection
     */
    public WarehouseSearch(DataSource warehouse, Duration timeout, int atATime) {
        this.warehouse = warehouse;
        this.timeout = timeout;
        this.threads = new ThreadPoolExecutor(
                atATime, atATime, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), work -> {
                    Thread thread = new Thread(work, "watch-warehouse");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<Answer> ask(Query query) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    answer.complete(answer(query));
                } catch (FailedException | RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new FailedException(
                    "More than " + MAX_WAITING + " queries wait for the warehouse;"
                            + " let rules over it run less often, or raise watch.warehouse-queries.",
                    e));
        }
        return answer;
    }

    /**
     * @throws RuleException when the SELECT or a column that the rule names is wrong, or the warehouse does not answer
     */
    @Override
    public void check(Rule rule) throws RuleException {
        RuleSelect select = new RuleSelect(rule);
        try {
            this.<Void, RuleException>reading(connection -> {
                select.check(connection);
                return null;
            });
            known.put(rule, select);
        } catch (SQLException e) {
            throw rule.fileOptions()
                    .refused("query", "the warehouse could not check it, and will be asked again: " + reason(e));
        }
    }

    private Answer answer(Query query) throws FailedException {
        RuleSelect select = select(query.rule());
        try {
            return this.<Answer, FailedException>reading(connection -> new SqlQuery(connection, select).answer(query));
        } catch (SQLException e) {
            select.forgetColumns();
            throw new FailedException("The warehouse did not answer the query: " + reason(e), e);
        } catch (FailedException e) {
            select.forgetColumns();
            throw e;
        }
    }

    private RuleSelect select(Rule rule) throws FailedException {
        RuleSelect select = known.get(rule);
        if (select == null) {
            try {
                select = new RuleSelect(rule);
            } catch (RuleException e) {
                throw new FailedException(e.getMessage(), e);
            }
            known.put(rule, select);
        }
        return select;
    }

    @FunctionalInterface
    private interface Work<T, E extends Exception> {
        T on(Connection connection) throws SQLException, E;
    }

    /** Works in a transaction that only reads, each statement in bounded time, rows fetched in portions. */
    private <T, E extends Exception> T reading(Work<T, E> work) throws SQLException, E {
        try (Connection connection = warehouse.getConnection()) {
            PGConnection postgres = connection.unwrap(PGConnection.class);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            // the server's own time-out does not reach us when the network is down
            connection.setNetworkTimeout(
                    Runnable::run, (int) timeout.plus(NETWORK).toMillis());
            Sql.on(connection).execute("set local statement_timeout = " + timeout.toMillis());
            postgres.setDefaultFetchSize(PORTION);
            try {
                return work.on(connection);
            } finally {
                // the pool resets everything else
                postgres.setDefaultFetchSize(0);
            }
        }
    }

    private String reason(SQLException e) {
        return "57014".equals(e.getSQLState())
                ? "it took longer than watch.warehouse-timeout (" + timeout.toSeconds() + " s)"
                : e instanceof PSQLException p && p.getServerErrorMessage() != null
                        ? p.getServerErrorMessage().getMessage()
                        : e.getMessage();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
