package serai.watch.alert;

import java.time.Instant;

/**
 * A silence key's row: while now is before {@code until}, its matches are not told.
 *
 * @param key        {@code realert_key}, with a dot and the query key's value where there is one; or a rule's name and {@code ._silence}
 * @param rule       the rule that silenced last
 * @param exponent   how often {@code realert} was doubled, for {@code exponential_realert}
 * @param suppressed the matches silenced since the last message of the key
 * @param since      when that message was queued, or null when there was none
 * @param alertId    that message's alert, or null: the silence is lifted when nobody could be reached
 */
public record Silence(String key, String rule, Instant until, int exponent, long suppressed, Instant since, String alertId) {

    /** A silence that somebody asked for. */
    public static Silence asked(String key, String rule, Instant until) {
        return new Silence(key, rule, until, 0, 0, null, null);
    }

    public boolean silences(Instant now) {
        return now.isBefore(until);
    }

    /** The same with another count of matches held back. */
    Silence counting(long matches) {
        return new Silence(key, rule, until, exponent, matches, since, alertId);
    }

    /** The key that silences all of a rule, as {@code silence RULE} writes it. */
    public static String ofRule(String rule) {
        return rule + "._silence";
    }
}
