package serai.watch.engine;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;
import serai.watch.alert.AlertRule;

/** The rules that this process runs, for as long as it is the one that does. */
final class ActiveRules {

    private final Writer writer;
    private final RuleSchedule schedule;
    private final FailureLog failures;
    private final Clock clock;
    /** By their names; null before the first are there. */
    private Map<String, RunningRule> rules;

    private Map<String, AlertRule> settled;

    ActiveRules(Writer writer, RuleSchedule schedule, FailureLog failures, Clock clock) {
        this.writer = writer;
        this.schedule = schedule;
        this.failures = failures;
        this.clock = clock;
    }

    Map<String, RunningRule> rules() {
        return rules;
    }

    /** Runs these rules from now on; those that run already go on with what they know. */
    void settle(Map<String, AlertRule> wanted) throws Exception {
        if (wanted == settled) {
            return;
        }
        Map<String, RunningRule> next = new HashMap<>();
        writer.commitWithState(tx -> {
            next.putAll(new RuleStore(tx.connection(), wanted).settle(rules));
            return RunOutcome.ok(wanted.size(), 0, 0, 0, null);
        });
        Set<RunningRule> before = rules == null ? Set.of() : Set.copyOf(rules.values());
        Set<RunningRule> after = Set.copyOf(next.values());
        before.stream().filter(rule -> !after.contains(rule)).forEach(this::remove);
        List<RunningRule> joining = new ArrayList<>();
        wanted.forEach((name, alertRule) -> {
            RunningRule rule = next.get(name);
            if (!before.contains(rule)) {
                joining.add(rule);
            } else if (rule.alertRule() != alertRule) {
                rule.edited(alertRule);
                schedule.edited(rule, clock.instant());
            }
        });
        schedule.join(joining, clock.instant());
        rules = next;
        settled = wanted;
    }

    private void remove(RunningRule rule) {
        rule.remove();
        schedule.remove(rule);
        failures.gone(rule.name());
    }

    /** Runs them no more: what was not committed is found in the warehouse as it was before. */
    void dismiss() {
        if (rules != null) {
            rules.values().forEach(RunningRule::remove);
        }
        schedule.clear();
    }
}
