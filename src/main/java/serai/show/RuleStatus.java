package serai.show;

import java.time.Duration;
import java.time.Instant;

/**
 * The state of an alert rule.
 *
 * @param lastRun when it last searched, or null
 * @param every its interval, or null when it is not known
 * @param lag how late its last run began, or null
 * @param hits documents that its searches found, matches that it made of them, and alerts that were delivered
 * @param error the error of its last run, or null
 */
record RuleStatus(
        String name,
        String type,
        Condition condition,
        String reason,
        Instant lastRun,
        Duration every,
        Duration lag,
        long hits,
        long matches,
        long alertsSent,
        String error) {

    /**
     * The condition is the worse of the status that the engine wrote and of how late the rule is.
     *
     * @param word {@code meta.rules.status}
     * @param lateBy how late it is, or was at its last run; null when that is within bounds
     */
    static RuleStatus judge(
            String name,
            String type,
            String word,
            Instant lastRun,
            Duration every,
            Duration lag,
            Duration lateBy,
            long hits,
            long matches,
            long alertsSent,
            String error,
            Instant now) {
        Condition condition = Condition.of(word);
        String reason = sentence(condition, word, error);
        if (lateBy != null && condition != Condition.PAUSED) {
            condition = condition.worse(Condition.LATE);
            boolean stands = lag == null || lateBy.compareTo(lag) > 0;
            String quiet = stands && lastRun != null
                    ? "It has not run since " + HumanText.clock(lastRun, now) + " UTC."
                    : "It runs " + HumanText.span(lateBy) + " late.";
            reason = reason == null ? quiet : reason + " " + quiet;
        }
        return new RuleStatus(name, type, condition, reason, lastRun, every, lag, hits, matches, alertsSent, error);
    }

    private static String sentence(Condition condition, String word, String error) {
        return switch (condition) {
            case OK -> null;
            case UNKNOWN -> "It has not run yet.";
            case FAILED -> "Its last run failed; the next one covers the gap.";
            default -> error == null ? "Its status is " + word + "." : null;
        };
    }
}
