package serai.watch.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.CronSchedule;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

/**
 * How a rule puts several matches into one alert (option {@code aggregation}).
 *
 * @param window how long a group waits for more matches; null with a schedule
 * @param schedule when groups are sent; null with a window
 * @param byMatchTime whether the window begins at the first match's own time, and not at the time of the run
 * @param joinsByMatchTime whether a match joins a group by its own time, and not by the time of the run
 * @param maxMatches matches in one message, not counting the first
 */
record AggregationPolicy(
        Duration window, CronSchedule schedule, boolean byMatchTime, boolean joinsByMatchTime, int maxMatches) {

    private static final int MAX_MATCHES = 10_000;

    /** Null when each match of the rule is an alert of its own. */
    static AggregationPolicy of(Options options) throws RuleException {
        if (!Python.truthy(options.value("aggregation"))) {
            return null;
        }
        boolean cron = options.value("aggregation") instanceof Map<?, ?> map && Python.truthy(map.get("schedule"));
        Duration window = cron ? null : options.time("aggregation", Duration.ZERO);
        if (!cron && window.isZero()) {
            return null;
        }
        if (!cron && window.isNegative()) {
            throw options.refused("aggregation", "must not be negative");
        }
        int maxMatches = options.whole("max_aggregation", MAX_MATCHES);
        CronSchedule schedule = !cron
                ? null
                : CronSchedule.of(options, "aggregation", ((Map<?, ?>) options.value("aggregation")).get("schedule"));
        return new AggregationPolicy(
                window,
                schedule,
                options.flag("aggregate_by_match_time", false),
                options.flag("aggregation_alert_time_compared_with_timestamp_field", false),
                Math.min(maxMatches, MAX_MATCHES));
    }

    /** When a group that begins with a match is sent. */
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
