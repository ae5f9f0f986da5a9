package serai.watch.alert;

import java.time.Duration;
import java.time.Instant;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * When a rule's alerts are sent.
 *
 * @param realert how long a silence key is silent after an alert; zero: each match is an alert
 * @param maxRealert the longest silence when it doubles while matches go on, or null when it does not double
 * @param aggregation how matches are grouped, or null
 * @param resolveAfter after how long without a match the alert is resolved, or null when no resolution is sent
 * @param timeLimit how late a group is still sent; zero: without limit
 */
record AlertTiming(
        Duration realert,
        Duration maxRealert,
        AggregationPolicy aggregation,
        Duration resolveAfter,
        Duration timeLimit) {

    /** Upstream's {@code alert_time_limit}. */
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    static AlertTiming of(Rule rule) throws RuleException {
        Options options = rule.fileOptions();
        Duration maxRealert =
                options.has("exponential_realert") ? options.time("exponential_realert", null) : Duration.ZERO;
        if (maxRealert.isNegative()) {
            throw options.refused("exponential_realert", "must not be negative");
        }
        Duration timeLimit = options.time("alert_time_limit", TWO_DAYS);
        return new AlertTiming(
                rule.realert(),
                maxRealert.isZero() ? null : maxRealert,
                AggregationPolicy.of(options),
                resolveAfter(rule, options),
                timeLimit.isNegative() ? Duration.ZERO : timeLimit);
    }

    private static Duration resolveAfter(Rule rule, Options options) throws RuleException {
        if (options.has("resolve_after")) {
            Duration after = options.time("resolve_after", null);
            if (after.compareTo(Duration.ofSeconds(1)) < 0) {
                throw options.refused("resolve_after", "must be a second or more");
            }
            return after;
        }
        if (!options.flag("resolved", false)) {
            return null;
        }
        Duration timeframe = rule.timeframe() == null ? Duration.ZERO : rule.timeframe();
        Duration after = timeframe.compareTo(rule.realert()) > 0 ? timeframe : rule.realert();
        if (after.isZero()) {
            throw options.refused(
                    "resolved",
                    "the rule has neither timeframe nor realert; set 'resolve_after: {minutes: 10}' instead");
        }
        return after;
    }

    /**
     * The silence that an alert sets for its key.
     *
     * @param last what the key has now, or null
     */
    Silence next(Silence last, String key, String rule, Instant now, String alertId) {
        int exponent = 0;
        Duration wait = realert;
        if (maxRealert != null && last != null) {
            exponent = exponent(last, now);
            wait = doubled(exponent);
            if (wait.compareTo(maxRealert) >= 0) {
                wait = maxRealert;
                exponent--;
            }
        }
        return new Silence(key, rule, now.plus(wait), exponent, 0, now, alertId);
    }

    private int exponent(Silence last, Instant now) {
        Duration past = Duration.between(last.until(), now);
        int exponent = last.exponent();
        if (past.compareTo(doubled(exponent)) < 0) {
            return exponent + 1;
        }
        while (exponent > 0 && past.compareTo(doubled(exponent)) > 0) {
            past = past.minus(doubled(exponent));
            exponent--;
        }
        return exponent;
    }

    private Duration doubled(int times) {
        // a silence is ten years at most: with 2 to the 40th any realert is longer
        double factor = Math.pow(2, Math.min(times, 40));
        double micros = Math.min(realert.toNanos() / 1_000d * factor, 4e14);
        return Duration.ofNanos(Math.round(micros) * 1_000);
    }
}
