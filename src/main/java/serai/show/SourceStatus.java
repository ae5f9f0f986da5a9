package serai.show;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;

/**
 * The state of a source, by three clocks (docs/reference/freshness.md, "Three clocks").
 *
 * @param reason why the condition is not OK, in a sentence; null when it is
 * @param dataAsOf the newest event time in the data
 * @param loadedAt the last commit of rows
 * @param checkedAt when the source last answered, with or without new rows
 * @param dueBy when it should have been checked again; null without a timer
 * @param lastRun the newest run, in any state; null before the first
 * @param error the error of the newest run that ended; null when it succeeded
 */
record SourceStatus(
        String name,
        String kind,
        Condition condition,
        String reason,
        Instant dataAsOf,
        Instant loadedAt,
        Instant checkedAt,
        Instant dueBy,
        LastRun lastRun,
        String error) {

    /**
     * What the tables hold about a source.
     *
     * @param registeredAt since when a route reads it
     * @param active whether a running route reads it
     * @param newest its newest run, or null
     * @param ended its newest run that ended, or null
     */
    record Facts(
            String name,
            String kind,
            String cron,
            String zone,
            Instant registeredAt,
            boolean active,
            LastRun newest,
            LastRun ended,
            Instant dataAsOf,
            Instant loadedAt,
            Instant checkedAt) {}

    /**
     * The condition is the worse of two: the result of the newest run that ended (a run in progress does not count),
     * and whether the source is overdue. A failed run is FAILED even when the older rows are not yet overdue.
     */
    static SourceStatus judge(Facts facts, Instant now, Duration grace) {
        Instant lookedAt = facts.checkedAt() == null ? facts.registeredAt() : facts.checkedAt();
        Instant dueBy = null;
        Condition condition = ofRun(facts.ended());
        String reason = reasonOfRun(facts, now);
        try {
            dueBy = facts.active() ? DueTime.by(facts.cron(), facts.zone(), lookedAt, grace) : null;
        } catch (ParseException e) {
            condition = condition.worse(Condition.WARN);
            reason = join("Its cron '" + facts.cron() + "' cannot be read, so it has no due time.", reason);
        }
        if (dueBy != null && now.isAfter(dueBy)) {
            String late = "Late by " + HumanText.span(Duration.between(dueBy, now)) + ".";
            reason = condition == Condition.FAILED ? join(reason, late) : join(late, reason);
            condition = condition.worse(Condition.LATE);
        }
        if (!facts.active()) {
            condition = Condition.PAUSED;
            reason = join("No running route reads it.", reason);
        }
        return new SourceStatus(
                facts.name(),
                facts.kind(),
                condition,
                reason,
                facts.dataAsOf(),
                facts.loadedAt(),
                facts.checkedAt(),
                dueBy,
                facts.newest(),
                error(facts.ended()));
    }

    private static Condition ofRun(LastRun ended) {
        if (ended == null) {
            return Condition.UNKNOWN;
        }
        return switch (ended.status()) {
            case "ok", "unchanged" -> Condition.OK;
            case "interrupted" -> Condition.WARN;
            case "held" -> Condition.HELD;
            default -> Condition.FAILED;
        };
    }

    private static String reasonOfRun(Facts facts, Instant now) {
        LastRun ended = facts.ended();
        if (ended == null) {
            return facts.newest() == null ? "It has not run yet." : "Its first run is in progress.";
        }
        String rows = facts.loadedAt() == null
                ? " Nothing has been loaded yet."
                : " The rows loaded " + HumanText.age(facts.loadedAt(), now) + " stay.";
        return switch (ended.status()) {
            case "ok", "unchanged" -> null;
            case "interrupted" -> "The last run was interrupted." + rows;
            case "held" -> "The reply of the last run was not trusted." + rows;
            default -> "The last run failed." + rows;
        };
    }

    private static String error(LastRun ended) {
        return ended == null || ended.status().equals("ok") || ended.status().equals("unchanged")
                ? null
                : ended.error();
    }

    private static String join(String first, String second) {
        return second == null ? first : first + " " + second;
    }
}
