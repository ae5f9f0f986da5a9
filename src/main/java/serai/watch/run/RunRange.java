package serai.watch.run;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import serai.watch.rule.Rule;
import serai.watch.rule.TimestampType;

/**
 * The time that a run queries. Ranges include their end and exclude their beginning.
 *
 * @param lateFrom the beginning of the time that was queried before and is queried again for late documents; never
 *     after {@code from}
 * @param from the beginning of the new time
 * @param end the end of the new time
 * @param notice what time is skipped because it is too long ago, or null
 */
record RunRange(Instant lateFrom, Instant from, Instant end, String notice) {

    static RunRange of(Rule rule, RuleState before, Instant now, Duration catchUp) {
        Instant end = now.minus(rule.queryDelay()).truncatedTo(ChronoUnit.MILLIS);
        Duration lookback = lookback(rule);
        Duration limit = rule.option("old_query_limit") instanceof Duration time ? time : catchUp;
        Instant known = before.endsAt();
        boolean tooOld = known != null && Duration.between(known, end).compareTo(limit) >= 0;
        if (known == null || tooOld) {
            Instant from = end.minus(first(rule));
            return new RunRange(
                    from,
                    from,
                    end,
                    tooOld
                            ? "The time from " + known + " to " + from + " was skipped: it is longer ago than"
                                    + " old_query_limit (watch.catch-up-limit)."
                            : null);
        }
        Instant remembered = before.rememberedFrom() == null ? known : before.rememberedFrom();
        // a rule that is behind queries again all that is remembered: documents came late while it did not run, too
        boolean behind = Duration.between(known, end)
                        .compareTo(rule.runEvery().multipliedBy(3).dividedBy(2))
                > 0;
        Instant late = behind ? remembered : later(remembered, end.minus(lookback));
        return new RunRange(earlier(late, known), known, end, null);
    }

    /** A time as queries have it: in whole seconds, except for ISO timestamps. */
    static Instant asQueried(Rule rule, Instant time) {
        return rule.timestampType() == TimestampType.ISO ? time : time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** How far back late documents are looked for. */
    static Duration lookback(Rule rule) {
        return rule.flag("scan_entire_timeframe", false) && rule.timeframe() != null
                ? rule.timeframe()
                : rule.bufferTime();
    }

    /** The length of the time that the first run of a rule queries. */
    private static Duration first(Rule rule) {
        boolean counts = rule.mode() == Rule.Mode.COUNT || rule.mode() == Rule.Mode.TERMS;
        return counts && !rule.flag("scan_entire_timeframe", false) ? rule.globalRunEvery() : lookback(rule);
    }

    static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
