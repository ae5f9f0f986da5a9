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
import serai.watch.alert.AlertRule;
import serai.watch.query.Search;

/**
 * Holds rules back until what ElastAlert left of them is taken over: a run before that would begin anew, and the time
 * since ElastAlert's last run would never be looked at. Other rules are let through at once.
 */
final class MigrationBarrier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationBarrier.class);

    private final StateImport takeOver;
    private final Consumer<Map<String, AlertRule>> next;
    private final Clock clock;
    private final Duration nextTry;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread named = new Thread(work, "watch-take-over");
        named.setDaemon(true);
        return named;
    });
    private final Set<String> through = new HashSet<>();
    private volatile Map<String, AlertRule> wanted = Map.of();
    private Future<?> retry;
    private String trouble;

    /** @param next takes the rules that may run, whenever they change; called from one thread */
    MigrationBarrier(StateImport takeOver, Consumer<Map<String, AlertRule>> next, Duration nextTry, Clock clock) {
        this.takeOver = takeOver;
        this.next = next;
        this.nextTry = nextTry;
        this.clock = clock;
    }

    /** Says which rules should run from now on; returns at once. */
    void want(Map<String, AlertRule> rules) {
        wanted = Map.copyOf(rules);
        thread.execute(this::let);
    }

    private void let() {
        Map<String, AlertRule> rules = wanted;
        try {
            Map<String, AlertRule> left = new HashMap<>(rules);
            left.keySet().removeAll(through);
            left = left.isEmpty() ? left : takeOver.left(left);
            if (!left.isEmpty()) {
                pass(rules, left.keySet());
                takeOver.take(left.values(), clock.instant());
            }
            pass(rules, Set.of());
            trouble = null;
        } catch (Exception | LinkageError e) {
            say(e);
            again();
        }
    }

    private void again() {
        if (retry != null) {
            retry.cancel(false);
        }
        if (!thread.isShutdown()) {
            retry = thread.schedule(this::let, nextTry.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void pass(Map<String, AlertRule> rules, Set<String> held) {
        Map<String, AlertRule> free = new HashMap<>(rules);
        free.keySet().removeAll(held);
        through.addAll(free.keySet());
        next.accept(free);
    }

    private void say(Throwable e) {
        String now = String.valueOf(e.getMessage());
        if (!now.equals(trouble) && !thread.isShutdown()) {
            trouble = now;
            LOG.atWarn()
                    .setCause(e instanceof Search.FailedException ? null : e)
                    .log(
                            "What ElastAlert left cannot be taken over, and rules"
                                    + " that never ran here wait for it; empty watch.writeback-index to begin without it: {}",
                            now);
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
