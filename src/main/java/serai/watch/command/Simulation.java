package serai.watch.command;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertDecision;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Finding;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.run.ExecutionLimit;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;

/**
 * Runs rules over a range of time as the engine does, with its runs, decisions and groups, on a clock of its own. Each
 * alert that would be sent is handed out; nothing is stored.
 */
final class Simulation {

    /** Counts of one rule. */
    static final class Counts {
        long runs;
        long hits;
        long matches;
        long alerts;
        long suppressed;
        long dropped;
        long unusable;
    }

    private static final Duration FORGET = Duration.ofHours(1);

    private final RuleSandbox sandbox;
    private final Map<String, AlertRule> rules = new LinkedHashMap<>();
    private final Map<String, RuleState> states = new LinkedHashMap<>();
    private final Map<String, Counts> counts = new LinkedHashMap<>();
    private final Map<String, Instant> paused = new HashMap<>();
    private final InMemoryAlertStore store = new InMemoryAlertStore();
    private final Consumer<InMemoryAlertStore.QueuedAlert> sent;

    /** @param sent takes each alert when it would be sent */
    Simulation(
            RuleSandbox sandbox, List<AlertRule> rules, Instant from, Consumer<InMemoryAlertStore.QueuedAlert> sent) {
        this.sandbox = sandbox;
        this.sent = sent;
        for (AlertRule rule : rules) {
            String name = rule.rule().name();
            this.rules.put(name, rule);
            states.put(name, RuleState.startingAt(from.minus(rule.rule().queryDelay())));
            counts.put(name, new Counts());
            pause(rule.rule(), from);
        }
    }

    /** A rule with {@code limit_execution} runs at its times only. */
    private void pause(Rule rule, Instant now) {
        try {
            Optional<ExecutionLimit> limit = ExecutionLimit.of(rule);
            Optional<Instant> until = limit.flatMap(times -> times.pausedUntil(now));
            until.ifPresent(time -> {
                paused.put(rule.name(), time);
                states.computeIfPresent(
                        rule.name(), (name, state) -> limit.get().paused(state, time));
            });
        } catch (RuleException e) {
            throw new IllegalArgumentException("the rule was not checked when it was read", e);
        }
    }

    /**
     * Runs all rules at a fixed interval, first one interval after the start.
     *
     * @return the counts of each rule
     * @throws Search.FailedException when a question has no answer
     */
    Map<String, Counts> run(Instant from, Instant to, Duration every) throws Search.FailedException {
        Instant forgotten = from;
        for (Instant now = from.plus(every); !now.isAfter(to); now = now.plus(every)) {
            for (AlertRule rule : rules.values()) {
                if (!now.isBefore(paused.getOrDefault(rule.rule().name(), Instant.MIN))) {
                    run(rule, now);
                    pause(rule.rule(), now);
                }
            }
            sandbox.alerting().release(rules::get, now, store);
            handOut();
            if (now.isAfter(forgotten.plus(FORGET))) {
                sandbox.alerting().deleteExpired(now, store);
                forgotten = now;
            }
        }
        release(to);
        return counts;
    }

    private void run(AlertRule rule, Instant now) throws Search.FailedException {
        String name = rule.rule().name();
        Counts count = counts.get(name);
        boolean behind = true;
        while (behind) {
            RuleState before = states.get(name);
            RuleRun.Result result =
                    join(new RuleRun(rule.rule(), before, sandbox.search(), sandbox.bounds(), now).run());
            count.hits += result.fresh();
            count.unusable += result.unusable().size();
            decide(rule, result, now, count);
            states.put(name, result.after());
            store.setCoveredUntil(name, result.after().endsAt());
            behind = !result.complete() && result.after().endsAt().isAfter(before.endsAt());
        }
        count.runs++;
    }

    private void decide(AlertRule rule, RuleRun.Result result, Instant now, Counts count)
            throws Search.FailedException {
        if (result.matches().isEmpty()) {
            return;
        }
        AlertDecider alerting = sandbox.alerting();
        List<Finding> findings =
                join(alerting.prepare(rule, result.matches(), result.hits(), now, store, sandbox.search()));
        for (AlertDecision decision : alerting.decide(rule, findings, now, store)) {
            switch (decision.outcome()) {
                case REPEATED -> {}
                case SILENCED -> {
                    count.matches++;
                    count.suppressed++;
                }
                case DROPPED -> {
                    count.matches++;
                    count.dropped++;
                }
                default -> count.matches++;
            }
        }
    }

    /** Groups that still wait at the end are sent too, at their time. */
    private void release(Instant to) {
        rules.keySet().stream()
                .flatMap(name -> store.pendingGroups(name).stream())
                .map(group -> group.alertAt().plusMillis(1))
                .sorted()
                .forEach(at -> sandbox.alerting().release(rules::get, at.isAfter(to) ? at : to, store));
        handOut();
    }

    private void handOut() {
        for (InMemoryAlertStore.QueuedAlert one : store.takeQueued()) {
            counts.get(one.rule().rule().name()).alerts++;
            sent.accept(one);
        }
    }

    private static <T> T join(java.util.concurrent.CompletableFuture<T> future) throws Search.FailedException {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Search.FailedException failed
                    ? failed
                    : new Search.FailedException(String.valueOf(e.getCause()), e.getCause());
        }
    }
}
