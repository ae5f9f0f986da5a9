package serai.watch.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import serai.watch.python.Strftime;

/** How the documents of a rule hold their time, and how its queries and messages write times. Immutable. */
final class EventTimes {

    private final String field;
    private final TimestampType type;
    private final CustomTime custom;
    private final ZoneId queryZone;
    private final ZoneId messageZone;
    private final String messageFormat;

    /** @param zone the zone of messages, unless the rule has its own ({@code timezone}, {@code use_local_time}) */
    EventTimes(Options options, ZoneId zone) throws RuleException {
        this.field = options.text("timestamp_field", null);
        this.type = TimestampType.of(options);
        this.custom = type == TimestampType.CUSTOM ? new CustomTime(options) : null;
        this.queryZone = zone(options, "query_timezone", ZoneOffset.UTC);
        this.messageZone = zone(options, "timezone", options.flag("use_local_time", true) ? zone : ZoneOffset.UTC);
        this.messageFormat = options.text("custom_pretty_ts_format", "%Y-%m-%d %H:%M %Z");
    }

    /** The time zone that an option names. */
    static ZoneId zone(Options options, String option, ZoneId defaultZone) throws RuleException {
        String name = options.text(option, "");
        try {
            return name.isEmpty() ? defaultZone : ZoneId.of(name);
        } catch (DateTimeException e) {
            throw options.refused(option, "is not a time zone; write one such as Europe/Berlin");
        }
    }

    String field() {
        return field;
    }

    TimestampType type() {
        return type;
    }

    /** @throws DateTimeException when the value of the field is no time of the rule's type */
    Instant read(Object value) {
        return custom == null ? type.read(value) : custom.read(value);
    }

    /** The bound of a query's range, as the field is mapped: a text, or a number of whole seconds or milliseconds. */
    Object bound(Instant time) {
        return switch (type) {
            case ISO -> Timestamps.write(time, queryZone);
            case CUSTOM -> custom.write(time, queryZone);
            case UNIX -> time.getEpochSecond();
            case UNIX_MS -> time.getEpochSecond() * 1_000;
        };
    }

    /**
     * The time of a match; 1970 when it has none. The field may hold the document's value, or the ISO text by which a
     * match replaces it at its top level.
     */
    Instant ofMatch(Map<String, Object> match) {
        Object value = Document.lookup(match, field);
        boolean isoFirst = value instanceof String && custom == null;
        try {
            return isoFirst ? Timestamps.read(value) : read(value);
        } catch (DateTimeException e) {
            return readOther(value, !isoFirst);
        }
    }

    private Instant readOther(Object value, boolean iso) {
        try {
            return iso ? Timestamps.read(value) : read(value);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** A time as messages show it. */
    String pretty(Instant time) {
        return Strftime.format(time.atZone(messageZone), messageFormat);
    }
}
