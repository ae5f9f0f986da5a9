package serai.watch.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.CronSchedule;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

/**
 * How a rule tells several matches in one message (spec/elastalert.md 1.7, "Pending").
 *
 * @param window how long a group waits for others; null with a schedule
 * @param schedule when groups are told; null with a window
 * @param byMatchTime whether the window begins at the first match's time, and not when it was found
 * @param joinsByMatchTime whether a match joins by its own time, and not by when it was found
 * @param most the matches of one message, but for the first
 */
record AggregationPolicy(
        Duration window, CronSchedule schedule, boolean byMatchTime, boolean joinsByMatchTime, int most) {

    private static final int MOST = 10_000;

    /** Null when the rule tells each match by itself. */
    static AggregationPolicy of(Options given) throws RuleException {
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
        CronSchedule schedule = !cron
                ? null
                : CronSchedule.of(given, "aggregation", ((Map<?, ?>) given.value("aggregation")).get("schedule"));
        return new AggregationPolicy(
                window,
                schedule,
                given.flag("aggregate_by_match_time", false),
                given.flag("aggregation_alert_time_compared_with_timestamp_field", false),
                Math.min(most, MOST));
    }

    /** When a group that begins with this match is told. */
    Instant alertAt(Instant now, Instant matchTime) {
        if (schedule != null) {
            return schedule.next(now).orElse(now);
        }
        return (byMatchTime ? matchTime : now).plus(window);
    }

    /** Whether a match may still join a group. */
    boolean isOpen(AlertGroup group, Instant now, Instant matchTime) {
        return !group.alertAt().isBefore(joinsByMatchTime ? matchTime : now);
    }
}
