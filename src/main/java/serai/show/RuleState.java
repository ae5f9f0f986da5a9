package serai.show;

import java.time.Duration;
import java.time.Instant;

/**
 * How an alert rule stands.
 *
 * @param lastRun    when it last searched, or null
 * @param hits       documents that its searches found, matches that it made of them, and alerts that were delivered
 * @param error      what its last run said, or null
 */
record RuleState(String name, String type, Condition condition, String reason, Instant lastRun, long hits, long matches, long alertsSent,
        String error) {

    /**
     * The condition is the worst of what watch wrote and of how long ago the rule ran.
     *
     * @param word {@code meta.rules.status}
     */
    static RuleState judge(String name, String type, String word, Instant lastRun, long hits, long matches, long alertsSent, String error,
            Instant now, Duration within) {
        Condition condition = Condition.of(word);
        String reason = sentence(condition, word, error);
        if (lastRun != null && condition != Condition.PAUSED && now.isAfter(lastRun.plus(within))) {
            condition = condition.worse(Condition.LATE);
            String quiet = "It has not run since " + Words.clock(lastRun, now) + " UTC.";
            reason = reason == null ? quiet : reason + " " + quiet;
        }
        return new RuleState(name, type, condition, reason, lastRun, hits, matches, alertsSent, error);
    }

    private static String sentence(Condition condition, String word, String error) {
        return switch (condition) {
            case OK -> null;
            case UNKNOWN -> "It has not run yet.";
            case FAILED -> "Its last run failed; the next one covers the gap.";
            default -> error == null ? "Watch says: " + word + "." : null;
        };
    }
}
