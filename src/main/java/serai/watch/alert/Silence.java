package serai.watch.alert;

import java.time.Instant;
import org.apache.commons.codec.digest.DigestUtils;
import serai.watch.python.Python;

/**
 * The state of a silence key: before {@code until}, its matches lead to no alert.
 *
 * @param key {@code realert_key}, with a dot and the query key's value where there is one; or a rule's name and
 *     {@code ._silence}
 * @param rule the rule that set the silence last
 * @param exponent how often {@code realert} was doubled, for {@code exponential_realert}
 * @param suppressed the matches silenced since the last alert of the key
 * @param since when that alert was queued, or null when there was none
 * @param alertId that alert, or null: the silence is lifted when none of its messages could be delivered
 */
public record Silence(
        String key, String rule, Instant until, int exponent, long suppressed, Instant since, String alertId) {

    /** An entry of a PostgreSQL index holds up to 2,704 bytes, for a rule's name and a key. */
    private static final int MAX_KEY_LENGTH = 300;

    private static final int PREFIX_LENGTH = 200;

    /** A silence with its key as {@link #bounded} gives it. */
    public Silence {
        key = bounded(key);
    }

    /**
     * The key of those matches of a rule that share a value of its query key.
     *
     * @param realertKey {@code realert_key} of the rule
     * @param value the value, or null when there is none
     */
    public static String keyOf(String realertKey, Object value) {
        return bounded(value == null ? realertKey : realertKey + "." + Python.str(value));
    }

    /**
     * A key as it is stored: a long one is shortened to its beginning and its SHA-256; NUL, which PostgreSQL's text
     * cannot hold, is replaced.
     */
    public static String bounded(String key) {
        String text = key.replace('\0', '\uFFFD');
        int end = Math.min(text.length(), PREFIX_LENGTH);
        int whole = end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
        return text.length() <= MAX_KEY_LENGTH ? text : text.substring(0, whole) + "…" + DigestUtils.sha256Hex(text);
    }

    /** A silence that an operator asked for, or a key that has none yet. */
    public static Silence of(String key, String rule, Instant until) {
        return new Silence(key, rule, until, 0, 0, null, null);
    }

    /** Whether matches of the key are silenced at a time. */
    public boolean isActive(Instant now) {
        return now.isBefore(until);
    }

    /** The same silence with another count of silenced matches. */
    public Silence withSuppressed(long matches) {
        return new Silence(key, rule, until, exponent, matches, since, alertId);
    }

    /** The key that silences a whole rule, as the command {@code silence RULE} sets it. */
    public static String keyOfRule(String rule) {
        return bounded(rule + "._silence");
    }
}
