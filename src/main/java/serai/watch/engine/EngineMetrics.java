package serai.watch.engine;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** The engine's metrics, for Prometheus. */
final class EngineMetrics {

    private final AtomicLong rules = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private final AtomicLong merged = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong matches = new AtomicLong();
    private volatile Timer lag;
    private volatile Timer duration;

    void setRules(int count) {
        rules.set(count);
    }

    /** Counts a run that is committed. */
    void add(FinishedRun run) {
        runs.incrementAndGet();
        merged.addAndGet(run.start().merged());
        failed.addAndGet(run.failure() == null ? 0 : 1);
        matches.addAndGet(run.result() == null ? 0 : run.result().matches().size());
        record(lag, run.start().lag());
        record(duration, run.duration());
    }

    private static void record(Timer timer, Duration time) {
        if (timer != null) {
            timer.record(time);
        }
    }

    void bind(MeterRegistry registry, Engine engine) {
        gauge(registry, "serai_watch_rules", "alert rules that are loaded", engine, e -> rules.get());
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
                Engine::runsUnderWay);
        gauge(
                registry,
                "serai_watch_runs_to_commit",
                "runs that have ended and are not committed",
                engine,
                Engine::runsToCommit);
        gauge(
                registry,
                "serai_watch_lag_seconds",
                "for how long the rule that waits longest has been due",
                engine,
                Engine::lagSeconds);
        counter(registry, "serai_watch_runs", "runs of rules", runs);
        counter(
                registry,
                "serai_watch_runs_merged",
                "runs that were due during another run and were merged into the next",
                merged);
        counter(registry, "serai_watch_runs_failed", "runs that failed; the next run covers their time", failed);
        counter(registry, "serai_watch_matches", "matches of rules", matches);
        lag = timer(registry, "serai_watch_run_lag", "time from when a run was due until it began");
        duration = timer(registry, "serai_watch_run_time", "time from the beginning of a run until its end");
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
