package serai.watch.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/** The values of {@code timestamp_type}: how the documents of a rule hold their time. */
public enum TimestampType {

    /** ISO 8601 text; a number is milliseconds since 1970, as Elasticsearch takes it for a date. */
    ISO,
    /** Seconds since 1970. */
    UNIX,
    /** Milliseconds since 1970. */
    UNIX_MS,
    /** Text in the rule's own format. */
    CUSTOM;

    static TimestampType of(Options options) throws RuleException {
        String type = options.text("timestamp_type", "iso").strip().toUpperCase(Locale.ROOT);
        try {
            return valueOf(type);
        } catch (IllegalArgumentException e) {
            throw options.refused("timestamp_type", "must be one of iso, unix, unix_ms, custom");
        }
    }

    /** @throws DateTimeException when the value is no time of this type */
    Instant read(Object value) {
        return switch (this) {
            case ISO -> Timestamps.read(value);
            case UNIX -> Timestamps.ofNumber(value, Timestamps.SECONDS);
            case UNIX_MS -> Timestamps.ofNumber(value, Timestamps.MILLISECONDS);
            case CUSTOM -> throw new DateTimeException("only the rule knows its format");
        };
    }
}
