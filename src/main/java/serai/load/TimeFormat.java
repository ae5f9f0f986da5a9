package serai.load;

import java.nio.CharBuffer;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** Dates and times. */
final class TimeFormat implements FieldFormat {

    /** The types of the database. */
    enum Type {
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ
    }

    /** What may be a time for the server: it reads many forms, and some words. */
    private static final Pattern OTHER_FORM =
            Pattern.compile("(?is).*\\d.*|\\s*([+-]?infinity|epoch|now|today|tomorrow|yesterday)\\s*");

    private final Type type;
    private final int decimals;
    private final ZoneId zone;
    private final boolean keepsDay;
    private final TimestampParser time = new TimestampParser();

    /**
     * @param modifier {@code pg_attribute.atttypmod}: decimals of a second, or -1 for as many as there can be
     * @param zone of times that come without an offset
     * @param keepsDay whether a time that the column would round into the next day is written as the last one of its
     *     own day
     */
    TimeFormat(Type type, int modifier, ZoneId zone, boolean keepsDay) {
        this.type = type;
        this.decimals = modifier < 0 ? TimestampParser.MOST_DECIMALS : modifier;
        this.zone = zone.normalized();
        this.keepsDay = keepsDay;
    }

    Type type() {
        return type;
    }

    /** What {@link #write} read last, rounded as it is stored: the next day may have begun by that. */
    TimestampParser time() {
        return time;
    }

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        if (!time.read(chars, from, to)) {
            return writeUnusual(chars, from, to, out);
        }
        if (type == Type.DATE) {
            return writeDate(chars, from, out);
        }
        if (type == Type.TIMESTAMP && time.hasOffset()) {
            return "has an offset, and the column has no time zone: make it timestamptz";
        }
        boolean lacksOffset = type == Type.TIMESTAMPTZ && !time.hasOffset();
        ZoneOffset ofZone = lacksOffset ? zoneOffset() : null;
        time.round(decimals, lacksOffset ? ofZone.getTotalSeconds() : time.offsetSeconds());
        if (keepsDay && time.isOfNextDay()) {
            time.toEndOfDay();
            out.writeAscii(chars, from, from + TimestampParser.DATE_LENGTH);
            out.writeAscii(decimals == 0 ? " 23:59:59" : " 23:59:59.999999".substring(0, 10 + decimals));
            out.writeAscii(chars, to - time.offsetLength(), to);
        } else {
            out.writeAscii(chars, from, to);
        }
        if (lacksOffset) {
            out.writeAscii(time.hasTime() ? "" : " 00:00");
            out.writeAscii(ofZone.getId());
        }
        return null;
    }

    /** The zone's offset at the time that was read. */
    private ZoneOffset zoneOffset() {
        return zone instanceof ZoneOffset fixed
                ? fixed
                : zone.getRules().getOffset(LocalDateTime.ofEpochSecond(time.localSeconds(), 0, ZoneOffset.UTC));
    }

    /**
     * Other forms, infinity and years of more than four digits are left to the server, but not where the day must be
     * known, nor where the server would read a local time in its own zone.
     */
    private String writeUnusual(char[] chars, int from, int to, CopyBuffer out) {
        boolean serverReadsIt = !keepsDay && (type != Type.TIMESTAMPTZ || zone.equals(ZoneOffset.UTC));
        if (serverReadsIt
                && OTHER_FORM.matcher(CharBuffer.wrap(chars, from, to - from)).matches()) {
            return ServerFormat.judge(chars, from, to, out);
        }
        return type == Type.DATE ? "is not a date (YYYY-MM-DD)" : "is not a date with a time (YYYY-MM-DDThh:mm:ss)";
    }

    private String writeDate(char[] chars, int from, CopyBuffer out) {
        if (!time.isMidnight()) {
            return "has a time of day, and the column is a date";
        }
        out.writeAscii(chars, from, from + TimestampParser.DATE_LENGTH);
        return null;
    }
}
