package serai.watch.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says why rules fail, once: when a server is down all rules say the same, and that is one line when it begins and one
 * when it is over, not one for each run of each rule.
 */
final class FailureLog {

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private final Map<String, Set<String>> rulesByReason = new HashMap<>();
    private final Map<String, Integer> mostByReason = new HashMap<>();
    private final Map<String, String> reasons = new HashMap<>();

    void note(FinishedRun run) {
        String rule = run.rule().name();
        if (run.failure() == null) {
            over(rule, true);
        } else if (!run.failure().equals(reasons.get(rule))) {
            over(rule, false);
            reasons.put(rule, run.failure());
            Set<String> rules = rulesByReason.computeIfAbsent(run.failure(), r -> new HashSet<>());
            rules.add(rule);
            if (mostByReason.merge(run.failure(), rules.size(), Math::max) == 1) {
                LOG.warn(
                        "rule=\"{}\" The run failed and its time will be covered by the next: {}", rule, run.failure());
            }
        }
    }

    /** A rule that is not run any more does not fail any more. */
    void gone(String rule) {
        over(rule, false);
    }

    int failing() {
        return reasons.size();
    }

    private void over(String rule, boolean runs) {
        String reason = reasons.remove(rule);
        Set<String> rules = reason == null ? null : rulesByReason.get(reason);
        if (rules != null && rules.remove(rule) && rules.isEmpty()) {
            rulesByReason.remove(reason);
            int most = mostByReason.remove(reason);
            if (runs && most == 1) {
                LOG.info("rule=\"{}\" runs again", rule);
            } else if (runs) {
                LOG.info("rule=\"{}\" and {} others run again that had failed: {}", rule, most - 1, reason);
            }
        }
    }
}
