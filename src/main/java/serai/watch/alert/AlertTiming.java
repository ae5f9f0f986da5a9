package serai.watch.alert;

import java.time.Duration;
import java.time.Instant;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * When a rule's matches are told.
 *
 * @param realert how long a silence key says nothing after it was told; zero: each match is told
 * @param exponential the longest silence when it doubles while the trouble lasts, or null when it does not double
 * @param grouping how matches are grouped, or null
 * @param resolveAfter after how long without a match the end of the trouble is told, or null
 * @param timeLimit how late a group is still told; zero: without limit
 */
record AlertTiming(
        Duration realert, Duration exponential, AggregationPolicy grouping, Duration resolveAfter, Duration timeLimit) {

    /** Upstream's {@code alert_time_limit}. */
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    static AlertTiming of(Rule rule) throws RuleException {
        Options given = rule.fileOptions();
        Duration exponential =
                given.has("exponential_realert") ? given.time("exponential_realert", null) : Duration.ZERO;
        if (exponential.isNegative()) {
            throw given.refused("exponential_realert", "must not be negative");
        }
        Duration timeLimit = given.time("alert_time_limit", TWO_DAYS);
        return new AlertTiming(
                rule.realert(),
                exponential.isZero() ? null : exponential,
                AggregationPolicy.of(given),
                resolveAfter(rule, given),
                timeLimit.isNegative() ? Duration.ZERO : timeLimit);
    }

    private static Duration resolveAfter(Rule rule, Options given) throws RuleException {
        if (given.has("resolve_after")) {
            Duration after = given.time("resolve_after", null);
            if (after.compareTo(Duration.ofSeconds(1)) < 0) {
                throw given.refused("resolve_after", "must be a second or more");
            }
            return after;
        }
        if (!given.flag("resolved", false)) {
            return null;
        }
        Duration timeframe = rule.timeframe() == null ? Duration.ZERO : rule.timeframe();
        Duration after = timeframe.compareTo(rule.realert()) > 0 ? timeframe : rule.realert();
        if (after.isZero()) {
            throw given.refused(
                    "resolved",
                    "the rule has neither timeframe nor realert; say 'resolve_after: {minutes: 10}' instead");
        }
        return after;
    }

    /**
     * The silence that a match sets when it is told (spec/elastalert.md 1.7).
     *
     * @param last what the key has now, or null
     */
    Silence next(Silence last, String key, String rule, Instant now, String alertId) {
        int exponent = 0;
        Duration wait = realert;
        if (exponential != null && last != null) {
            exponent = exponent(last, now);
            wait = times(exponent);
            if (wait.compareTo(exponential) >= 0) {
                wait = exponential;
                exponent--;
            }
        }
        return new Silence(key, rule, now.plus(wait), exponent, 0, now, alertId);
    }

    private int exponent(Silence last, Instant now) {
        Duration past = Duration.between(last.until(), now);
        int exponent = last.exponent();
        if (past.compareTo(times(exponent)) < 0) {
            return exponent + 1;
        }
        while (exponent > 0 && past.compareTo(times(exponent)) > 0) {
            past = past.minus(times(exponent));
            exponent--;
        }
        return exponent;
    }

    private Duration times(int exponent) {
        // a silence is ten years at most: beyond 2 to the 40th any realert is longer
        double factor = Math.pow(2, Math.min(exponent, 40));
        double micros = Math.min(realert.toNanos() / 1_000d * factor, 4e14);
        return Duration.ofNanos(Math.round(micros) * 1_000);
    }
}
