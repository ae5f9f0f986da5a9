package serai.watch.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why rules fail, once for each reason: when a server is down, all rules fail for one reason, which is one line
 * when it begins and one when it ends, not one for each run of each rule.
 */
final class FailureLog {

    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private final Map<String, Set<String>> rulesByReason = new HashMap<>();
    private final Map<String, Integer> maxRulesByReason = new HashMap<>();
    private final Map<String, String> reasonsByRule = new HashMap<>();

    /** Takes in how a run ended. */
    void add(FinishedRun run) {
        String rule = run.rule().name();
        if (run.failure() == null) {
            recovered(rule, true);
        } else if (!run.failure().equals(reasonsByRule.get(rule))) {
            recovered(rule, false);
            reasonsByRule.put(rule, run.failure());
            Set<String> rules = rulesByReason.computeIfAbsent(run.failure(), r -> new HashSet<>());
            rules.add(rule);
            if (maxRulesByReason.merge(run.failure(), rules.size(), Math::max) == 1) {
                LOG.warn("rule=\"{}\" The run failed; the next run covers its time: {}", rule, run.failure());
            }
        }
    }

    /** A rule that does not run any more does not fail any more. */
    void remove(String rule) {
        recovered(rule, false);
    }

    /** How many rules failed in their last run. */
    int failingRules() {
        return reasonsByRule.size();
    }

    private void recovered(String rule, boolean runs) {
        String reason = reasonsByRule.remove(rule);
        Set<String> rules = reason == null ? null : rulesByReason.get(reason);
        if (rules != null && rules.remove(rule) && rules.isEmpty()) {
            rulesByReason.remove(reason);
            int max = maxRulesByReason.remove(reason);
            if (runs && max == 1) {
                LOG.info("rule=\"{}\" runs again", rule);
            } else if (runs) {
                LOG.info("rule=\"{}\" and {} others run again after the failure: {}", rule, max - 1, reason);
            }
        }
    }
}
