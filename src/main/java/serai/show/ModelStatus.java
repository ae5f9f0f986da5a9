package serai.show;

import java.time.Duration;
import java.time.Instant;

/**
 * The state of a model of the star schema.
 *
 * @param coveredTo up to when its input is calculated, or null
 * @param rows rows when it was last counted, or null
 * @param dirtyDays days that it still has to recalculate
 * @param error the error of its last refresh, or null
 */
record ModelStatus(
        String name,
        String kind,
        Condition condition,
        String reason,
        Instant coveredTo,
        Long rows,
        long dirtyDays,
        String error) {

    /**
     * The condition is the worse of the status that refresh wrote and of how long changed days have waited.
     *
     * @param word {@code meta.model_state.status}
     * @param oldestDirty when the oldest changed day was marked, or null
     */
    static ModelStatus judge(
            String name,
            String kind,
            String word,
            Instant coveredTo,
            Long rows,
            long dirtyDays,
            Instant oldestDirty,
            String error,
            Instant now,
            Duration within) {
        Condition condition = Condition.of(word);
        String reason = sentence(condition, word, error);
        if (oldestDirty != null && now.isAfter(oldestDirty.plus(within))) {
            condition = condition.worse(Condition.LATE);
            String waits = HumanText.of(dirtyDays, "changed day") + (dirtyDays == 1 ? " waits" : " wait")
                    + " to be recalculated, since " + HumanText.clock(oldestDirty, now) + " UTC.";
            reason = reason == null ? waits : reason + " " + waits;
        }
        return new ModelStatus(name, kind, condition, reason, coveredTo, rows, dirtyDays, error);
    }

    private static String sentence(Condition condition, String word, String error) {
        return switch (condition) {
            case OK -> null;
            case UNKNOWN -> "It has not been refreshed yet.";
            case FAILED -> "Its last refresh failed: it holds the rows of the refresh before.";
            default -> error == null ? "Its status is " + word + "." : null;
        };
    }
}
