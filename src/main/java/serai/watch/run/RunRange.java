package serai.watch.run;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import serai.watch.rule.Rule;
import serai.watch.rule.TimestampType;

/**
 * The time that a run is about (spec/elastalert.md 1.2); every range has its end and not its beginning.
 *
 * @param lateFrom the beginning of the time that was looked at before and is looked at again for what came late; never
 *     after {@code from}
 * @param from the beginning of the time that is new
 * @param end the end of it
 * @param notice what time is left out because it lies too far back, or null
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
                            ? "The time from " + known + " to " + from + " was left out: it lies further back than"
                                    + " old_query_limit (watch.catch-up-limit)."
                            : null);
        }
        Instant remembered = before.from() == null ? known : before.from();
        // a rule that is behind looks as far back as its last run would have: what came late meanwhile is not older
        // because it is
        boolean behind = Duration.between(known, end)
                        .compareTo(rule.runEvery().multipliedBy(3).dividedBy(2))
                > 0;
        Instant late = behind ? remembered : later(remembered, end.minus(lookback));
        return new RunRange(late.isBefore(known) ? late : known, known, end, null);
    }

    /** A time as questions hold it: Unix times, and those of a format of their own, are asked for in whole seconds. */
    static Instant asked(Rule rule, Instant time) {
        return rule.timestampType() == TimestampType.ISO ? time : time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** How far back documents are looked for that came late. */
    static Duration lookback(Rule rule) {
        return rule.flag("scan_entire_timeframe", false) && rule.timeframe() != null
                ? rule.timeframe()
                : rule.bufferTime();
    }

    /** The time that a rule's first run is about. */
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
