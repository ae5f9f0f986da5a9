package serai.watch.engine;

import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;
import serai.watch.alert.AlertRule;

/** The rules that this process runs while it is the leader. */
final class ActiveRules {

    private final Writer writer;
    private final RuleSchedule schedule;
    private final FailureLog failures;
    private final Clock clock;
    /** By their names; null before the first call of {@link #sync}. */
    private Map<String, RunningRule> rules;

    private Map<String, AlertRule> synced;

    ActiveRules(Writer writer, RuleSchedule schedule, FailureLog failures, Clock clock) {
        this.writer = writer;
        this.schedule = schedule;
        this.failures = failures;
        this.clock = clock;
    }

    Map<String, RunningRule> rules() {
        return rules;
    }

    /** Runs these rules from now on; those that run already keep their state. */
    void sync(Map<String, AlertRule> loaded) throws Exception {
        if (loaded == synced) {
            return;
        }
        Map<String, RunningRule> next = new HashMap<>();
        writer.commitWithState(tx -> {
            next.putAll(new RuleStore(tx.sql(), loaded).sync(rules));
            return RunOutcome.ok();
        });
        Set<RunningRule> before = rules == null ? Set.of() : Set.copyOf(rules.values());
        Set<RunningRule> after = Set.copyOf(next.values());
        before.stream().filter(rule -> !after.contains(rule)).forEach(this::remove);
        List<RunningRule> added = new ArrayList<>();
        loaded.forEach((name, alertRule) -> {
            RunningRule rule = next.get(name);
            if (!before.contains(rule)) {
                added.add(rule);
            } else if (rule.alertRule() != alertRule) {
                rule.setAlertRule(alertRule);
                schedule.edited(rule, clock.instant());
            }
        });
        schedule.add(added, clock.instant());
        rules = next;
        synced = loaded;
    }

    private void remove(RunningRule rule) {
        rule.remove();
        schedule.remove(rule);
        failures.remove(rule.name());
    }

    /** Stops and starts rules by {@code meta.rules.disabled}, which an operator's command sets. */
    void applySwitches() throws Exception {
        Set<String> disabled = disabledRules();
        List<RunningRule> switched = rules.values().stream()
                .filter(rule -> disabled.contains(rule.name()) ? !rule.isDisabled() : rule.isDisabledByOperator())
                .toList();
        if (switched.isEmpty()) {
            return;
        }
        writer.commitWithState(tx -> {
            tx.sql()
                    .batch(
                            """
                            update meta.rules set status = case when disabled or ? then 'disabled' else 'unknown' end
                            where rule = ?""",
                            switched.stream()
                                    .map(rule -> List.<Object>of(
                                            !rule.alertRule().rule().enabled(), rule.name()))
                                    .toList());
            return RunOutcome.ok();
        });
        switched.forEach(rule -> rule.setDisabledByOperator(disabled.contains(rule.name())));
    }

    private Set<String> disabledRules() throws SQLException {
        return Set.copyOf(
                writer.sql().list("select rule from meta.rules where disabled and active", row -> row.text("rule")));
    }

    /** Stops all rules; runs that are not committed are repeated later from the state in the warehouse. */
    void stop() {
        if (rules != null) {
            rules.values().forEach(RunningRule::remove);
        }
        schedule.clear();
    }
}
