package serai.watch.elastalert;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.elasticsearch.ElasticsearchException;
import serai.watch.alert.AlertRule;

/**
 * Holds rules back until their state is imported from ElastAlert's indices: with a run before that, the time since
 * ElastAlert's last run would never be queried. Rules that ran here before run at once.
 */
final class MigrationBarrier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationBarrier.class);

    private final StateImport stateImport;
    private final Consumer<Map<String, AlertRule>> next;
    private final Duration retryAfter;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread named = new Thread(work, "watch-elastalert-import");
        named.setDaemon(true);
        return named;
    });
    private final Set<String> passed = new HashSet<>();
    private volatile Map<String, AlertRule> loaded = Map.of();
    private Future<?> retry;
    private String problem;

    /** @param next takes the rules that may run, whenever they change; called from one thread */
    MigrationBarrier(StateImport stateImport, Consumer<Map<String, AlertRule>> next, Duration retryAfter, Clock clock) {
        this.stateImport = stateImport;
        this.next = next;
        this.retryAfter = retryAfter;
        this.clock = clock;
    }

    /** Sets the rules that should run from now on, by their names; returns at once. */
    void setRules(Map<String, AlertRule> rules) {
        loaded = Map.copyOf(rules);
        thread.execute(this::importAndPass);
    }

    private void importAndPass() {
        Map<String, AlertRule> rules = loaded;
        try {
            Map<String, AlertRule> unknown = new HashMap<>(rules);
            unknown.keySet().removeAll(passed);
            Map<String, AlertRule> pending = unknown.isEmpty() ? unknown : stateImport.pending(unknown);
            if (!pending.isEmpty()) {
                pass(rules, pending.keySet());
                stateImport.run(pending.values(), clock.instant());
            }
            pass(rules, Set.of());
            problem = null;
        } catch (Exception | LinkageError e) {
            log(e);
            retryLater();
        }
    }

    private void retryLater() {
        if (retry != null) {
            retry.cancel(false);
        }
        if (!thread.isShutdown()) {
            retry = thread.schedule(this::importAndPass, retryAfter.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void pass(Map<String, AlertRule> rules, Set<String> heldBack) {
        Map<String, AlertRule> passing = new HashMap<>(rules);
        passing.keySet().removeAll(heldBack);
        passed.addAll(passing.keySet());
        next.accept(passing);
    }

    private void log(Throwable e) {
        String message = String.valueOf(e.getMessage());
        if (!message.equals(problem) && !thread.isShutdown()) {
            problem = message;
            LOG.atWarn()
                    .setCause(e instanceof ElasticsearchException ? null : e)
                    .log(
                            "The state of ElastAlert cannot be imported, and rules that never ran here wait for it; to"
                                    + " start them without it, leave watch.writeback-index empty: {}",
                            message);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
