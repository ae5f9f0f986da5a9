package serai.show;

import java.time.Instant;
import java.util.List;

/**
 * How everything stood at one instant, as one snapshot of {@code meta.*} tells it.
 *
 * @param now when it was read
 * @param sources worst first, then by name; so are models and rules
 * @param waiting changed days that no model has been told of yet
 * @param edits the files that are refused now, newest first
 */
record Status(
        Instant now,
        List<SourceStatus> sources,
        List<ModelStatus> models,
        List<RuleStatus> rules,
        RuleCount ruleCount,
        Slack slack,
        Waiting waiting,
        List<RefusedEdit> edits) {

    /**
     * Rules in all, and those in order or switched off; {@code rules} names those in trouble first, and not all when
     * there are many.
     */
    record RuleCount(long all, long inOrder) {}

    /**
     * Messages by what became of them.
     *
     * @param pending not yet answered, those under way included
     * @param failed given up, ever
     * @param failedToday given up in the last 24 hours
     * @param oldestWaits since when the oldest message waits, or null
     */
    record Slack(long sent, long pending, long failed, long failedToday, Instant oldestWaits) {}

    /**
     * Changed days that refresh has not taken up, since when the oldest waits (or null), and whether that is too long.
     */
    record Waiting(long days, Instant since, boolean tooLong) {}

    /** A file that was edited and refused; the line is from 1, or null. */
    record RefusedEdit(String file, Integer line, String reason, Instant since) {}

    /** The worst of everything on the page. */
    Condition worst() {
        Condition worst = edits.isEmpty() && slack.failedToday() == 0 ? Condition.OK : Condition.WARN;
        worst = worst.worse(waiting.tooLong() ? Condition.LATE : Condition.OK);
        for (SourceStatus source : sources) {
            worst = worst.worse(source.condition());
        }
        for (ModelStatus model : models) {
            worst = worst.worse(model.condition());
        }
        for (RuleStatus rule : rules) {
            worst = worst.worse(rule.condition());
        }
        return worst;
    }
}
