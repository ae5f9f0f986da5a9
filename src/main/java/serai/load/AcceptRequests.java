package serai.load;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.request.RequestHandler;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** Loads replies that this instance holds, when a command accepts them, and forgets old ones. */
final class AcceptRequests implements RequestHandler, AutoCloseable {

    static final String VERB = "accept";

    private static final int MOST_AT_ONCE = 4;
    private static final Logger LOG = LoggerFactory.getLogger(AcceptRequests.class);

    private static final String ACCEPTED =
            "select source from meta.held where instance = ? and accepted_by is not null order by source";

    private final Warehouse warehouse;
    private final ImportLimits limits;
    private final SourceRegistry sources;
    private final ImportScheduler scheduler;
    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(MOST_AT_ONCE, task -> new Thread(task, "accept"));

    AcceptRequests(Warehouse warehouse, ImportLimits limits, SourceRegistry sources, ImportScheduler scheduler) {
        this.warehouse = warehouse;
        this.limits = limits;
        this.sources = sources;
        this.scheduler = scheduler;
    }

    /** Loads what was accepted before this process was started, and then forgets what is old, each hour. */
    void start() {
        threads.execute(this::resume);
        threads.scheduleWithFixedDelay(this::sweep, 0, 1, TimeUnit.HOURS);
    }

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public boolean owns(String source) {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return HeldReplies.find(Sql.on(c), source)
                    .filter(limits.held()::isHere)
                    .isPresent();
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public CompletableFuture<String> obey(String source) {
        return CompletableFuture.supplyAsync(() -> load(source), threads);
    }

    private String load(String source) {
        try {
            ImportRun run = new Acceptance(warehouse, limits).load(source);
            sources.timerOf(source).ifPresent(timer -> scheduler.afterRun(run, timer));
            return "The reply of " + source + " that was held was written.";
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private void resume() {
        try {
            for (String source : accepted()) {
                obey(source).exceptionally(e -> {
                    LOG.warn("source={} The reply that was accepted is not loaded: {}", source, e.getMessage());
                    return null;
                });
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("Replies that were accepted are loaded at the next start: {}", e.getMessage());
        }
    }

    private List<String> accepted() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c)
                    .list(ACCEPTED, row -> row.text("source"), limits.held().instance());
        }
    }

    private void sweep() {
        try (Connection c = warehouse.dataSource().getConnection()) {
            limits.held().sweep(Sql.on(c));
        } catch (SQLException | IOException | RuntimeException e) {
            LOG.warn("Old replies that were held are deleted later: {}", e.getMessage());
        }
    }

    /** Waits a moment for a reply that is being written; a process that is started later loads it otherwise. */
    @Override
    public void close() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }
}
