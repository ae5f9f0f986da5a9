package serai.show;

import java.time.Instant;
import java.util.List;

/**
 * The state of everything at one instant, read in one snapshot of {@code meta.*}.
 *
 * @param now when it was read
 * @param sources worst first, then by name; models and rules alike
 * @param waiting changed days that no refresh has processed yet
 * @param edits the files that are refused now, newest first
 * @param instances the processes that run now, oldest first
 */
record Status(
        Instant now,
        List<SourceStatus> sources,
        List<ModelStatus> models,
        List<RuleStatus> rules,
        RuleCount ruleCount,
        Messages messages,
        Waiting waiting,
        List<RefusedEdit> edits,
        List<RunningInstance> instances) {

    /**
     * The number of rules, and of those without a problem or switched off. {@code rules} lists those with problems
     * first, and not all when there are many.
     */
    record RuleCount(long all, long inOrder) {}

    /**
     * Messages of the outbox, by state.
     *
     * @param pending not delivered yet, including those being sent
     * @param failed given up, ever
     * @param failedToday given up in the last 24 hours
     * @param oldestWaits when the oldest waiting message was queued, or null
     */
    record Messages(long sent, long pending, long failed, long failedToday, Instant oldestWaits) {}

    /**
     * Changed days that no refresh has processed.
     *
     * @param since when the oldest was marked, or null
     * @param tooLong whether that is longer ago than {@code show.models-within}
     */
    record Waiting(long days, Instant since, boolean tooLong) {}

    /** A file that was edited and refused; the line is from 1, or null. */
    record RefusedEdit(String file, Integer line, String reason, Instant since) {}

    /** A process of Serai, and when it was last seen alive. */
    record RunningInstance(String id, String host, long pid, String version, Instant startedAt, Instant seenAt) {}

    /** The worst of everything on the page. */
    Condition worst() {
        Condition worst = edits.isEmpty() && messages.failedToday() == 0 ? Condition.OK : Condition.WARN;
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
