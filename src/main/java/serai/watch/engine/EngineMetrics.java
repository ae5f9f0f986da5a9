package serai.watch.engine;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** What the engine counts, for Prometheus. */
final class EngineMetrics {

    private final AtomicLong rules = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong merged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong matches = new AtomicLong();
    private volatile Timer lag;
    private volatile Timer took;

    void rules(int now) {
        rules.set(now);
    }

    void done(FinishedRun run) {
        runs.incrementAndGet();
        merged.addAndGet(run.merged());
        failed.addAndGet(run.failure() == null ? 0 : 1);
        matches.addAndGet(run.result() == null ? 0 : run.result().matches().size());
        record(lag, run.lag());
        record(took, run.took());
    }

    private static void record(Timer timer, Duration time) {
        if (timer != null) {
            timer.record(time);
        }
    }

    void publish(MeterRegistry registry, Engine engine) {
        gauge(registry, "serai_watch_rules", "rules that are loaded", engine, e -> rules.get());
        gauge(
                registry,
                "serai_watch_leader",
                "1 while this process runs the rules, 0 while it waits",
                engine,
                e -> e.isLeading() ? 1 : 0);
        gauge(
                registry,
                "serai_watch_runs_under_way",
                "runs that have begun and are not committed",
                engine,
                Engine::underWay);
        gauge(
                registry,
                "serai_watch_runs_to_commit",
                "runs that have ended and are not committed",
                engine,
                Engine::toCommit);
        gauge(
                registry,
                "serai_watch_lag_seconds",
                "how long the rule that waits longest has been due",
                engine,
                Engine::lagSeconds);
        counter(registry, "serai_watch_runs", "runs of rules", runs);
        counter(
                registry,
                "serai_watch_runs_merged",
                "runs that were due while another went on, and are part of the next",
                merged);
        counter(registry, "serai_watch_runs_failed", "runs that failed; the next one covers their time", failed);
        counter(registry, "serai_watch_matches", "matches of rules", matches);
        lag = timer(registry, "serai_watch_run_lag", "from when a run was due until it began");
        took = timer(registry, "serai_watch_run_time", "from a run's begin until its answer was judged");
    }

    private static void gauge(
            MeterRegistry registry, String name, String description, Engine engine, ToDoubleFunction<Engine> value) {
        Gauge.builder(name, engine, value).description(description).register(registry);
    }

    private static void counter(MeterRegistry registry, String name, String description, AtomicLong value) {
        FunctionCounter.builder(name, value, AtomicLong::doubleValue)
                .description(description)
                .register(registry);
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name)
                .description(description)
                .publishPercentileHistogram(false)
                .register(registry);
    }
}
