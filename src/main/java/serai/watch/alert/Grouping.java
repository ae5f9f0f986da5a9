package serai.watch.alert;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;

import serai.watch.rule.CronTimes;
import serai.watch.rule.Options;
import serai.watch.rule.Python;
import serai.watch.rule.RuleException;

/**
 * How a rule tells several matches in one message (spec/elastalert.md 1.7, "Pending").
 *
 * @param window         how long a group waits for others; null with a schedule
 * @param schedule       when groups are told; null with a window
 * @param byMatchTime    whether the window begins at the first match's time, and not when it was found
 * @param joinsByMatchTime whether a match joins by its own time, and not by when it was found
 * @param most           the matches of one message, but for the first
 */
record Grouping(Duration window, CronTimes schedule, boolean byMatchTime, boolean joinsByMatchTime, int most) {

    private static final int MOST = 10_000;

    /** Null when the rule tells each match by itself. */
    static Grouping of(Options given) throws RuleException {
        if (!Python.truthy(given.value("aggregation"))) {
            return null;
        }
        boolean cron = given.value("aggregation") instanceof Map<?, ?> map && Python.truthy(map.get("schedule"));
        Duration window = cron ? null : given.time("aggregation", Duration.ZERO);
        if (!cron && window.isZero()) {
            return null;
        }
        if (!cron && window.isNegative()) {
            throw given.refused("aggregation", "must not be negative");
        }
        int most = given.whole("max_aggregation", MOST);
        return new Grouping(window, cron ? schedule(given) : null, given.flag("aggregate_by_match_time", false),
                given.flag("aggregation_alert_time_compared_with_timestamp_field", false), Math.min(most, MOST));
    }

    private static CronTimes schedule(Options given) throws RuleException {
        Object expression = ((Map<?, ?>) given.value("aggregation")).get("schedule");
        try {
            CronTimes times = new CronTimes(Python.str(expression), zone(given));
            if (times.next(Instant.EPOCH).isEmpty()) {
                throw new IllegalArgumentException("it names no time");
            }
            return times;
        } catch (IllegalArgumentException e) {
            throw given.refused("aggregation", "schedule: must be a cron expression of five fields such as '0 9 * * 1': " + e.getMessage());
        }
    }

    /** The rule's zone for schedules: UTC, as upstream, unless the rule has a {@code timezone}. */
    private static ZoneId zone(Options given) throws RuleException {
        try {
            return given.has("timezone") ? ZoneId.of(given.text("timezone", "")) : ZoneOffset.UTC;
        } catch (DateTimeException e) {
            throw given.refused("timezone", "is no time zone; write one such as Europe/Berlin");
        }
    }

    /** When a group that begins with this match is told. */
    Instant alertAt(Instant now, Instant matchTime) {
        if (schedule != null) {
            return schedule.next(now).orElse(now);
        }
        return (byMatchTime ? matchTime : now).plus(window);
    }

    /** Whether a match may still join a group. */
    boolean isOpen(Group group, Instant now, Instant matchTime) {
        return !group.alertAt().isBefore(joinsByMatchTime ? matchTime : now);
    }
}
