package serai.watch.alert;

import java.time.Instant;
import org.apache.commons.codec.digest.DigestUtils;
import serai.watch.python.Python;

/**
 * A silence key's row: while now is before {@code until}, its matches are not told.
 *
 * @param key {@code realert_key}, with a dot and the query key's value where there is one; or a rule's name and
 *     {@code ._silence}
 * @param rule the rule that silenced last
 * @param exponent how often {@code realert} was doubled, for {@code exponential_realert}
 * @param suppressed the matches silenced since the last message of the key
 * @param since when that message was queued, or null when there was none
 * @param alertId that message's alert, or null: the silence is lifted when nobody could be reached
 */
public record Silence(
        String key, String rule, Instant until, int exponent, long suppressed, Instant since, String alertId) {

    /** PostgreSQL's index takes 2,704 bytes, of a rule's name and a key. */
    private static final int LONGEST_KEY = 300;

    private static final int BEGINNING = 200;

    public Silence {
        key = bounded(key);
    }

    /**
     * The key of a rule's matches: of those with one value of its query key, or with none.
     *
     * @param realertKey {@code realert_key} of the rule
     * @param value or null
     */
    public static String of(String realertKey, Object value) {
        return bounded(value == null ? realertKey : realertKey + "." + Python.str(value));
    }

    /**
     * A key as it is kept: one that is too long by its beginning and its SHA-256; without NUL, which PostgreSQL's text
     * does not take.
     */
    public static String bounded(String key) {
        String text = key.replace('\0', '\uFFFD');
        int end = Math.min(text.length(), BEGINNING);
        int whole = end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        return text.length() <= LONGEST_KEY ? text : text.substring(0, whole) + "…" + DigestUtils.sha256Hex(text);
    }

    /** A silence that somebody asked for. */
    public static Silence asked(String key, String rule, Instant until) {
        return new Silence(key, rule, until, 0, 0, null, null);
    }

    public boolean silences(Instant now) {
        return now.isBefore(until);
    }

    /** The same with another count of matches held back. */
    public Silence counting(long matches) {
        return new Silence(key, rule, until, exponent, matches, since, alertId);
    }

    /** The key that silences all of a rule, as {@code silence RULE} writes it. */
    public static String ofRule(String rule) {
        return bounded(rule + "._silence");
    }
}
