package serai.load;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Dates and times. */
final class TimeFormat implements FieldFormat {

    /** The types of the database. */
    enum Type {
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ
    }

    private final Type type;
    private final ZoneId zone;
    private final TimestampParser time = new TimestampParser();

    /** @param zone of times that come without an offset */
    TimeFormat(Type type, ZoneId zone) {
        this.type = type;
        this.zone = zone;
    }

    Type type() {
        return type;
    }

    /** What {@link #write} read last. */
    TimestampParser time() {
        return time;
    }

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        boolean read = time.read(chars, from, to);
        if (type == Type.DATE) {
            return read ? writeDate(chars, from, out) : "is not a date (YYYY-MM-DD)";
        }
        if (!read) {
            return "is not a date with a time (YYYY-MM-DDThh:mm:ss)";
        }
        if (type == Type.TIMESTAMP && time.hasOffset()) {
            return "has an offset, and the column has no time zone: make it timestamptz";
        }
        out.writeAscii(chars, from, to);
        if (type == Type.TIMESTAMPTZ && !time.hasOffset()) {
            out.writeAscii(time.hasTime() ? "" : " 00:00");
            out.writeAscii(zone.equals(ZoneOffset.UTC) ? "Z" : zoneOffset());
        }
        return null;
    }

    private String writeDate(char[] chars, int from, CopyBuffer out) {
        if (!time.isMidnight()) {
            return "has a time of day, and the column is a date";
        }
        out.writeAscii(chars, from, from + TimestampParser.DATE_LENGTH);
        return null;
    }

    private String zoneOffset() {
        return zone.getRules()
                .getOffset(LocalDateTime.ofEpochSecond(time.localSeconds(), 0, ZoneOffset.UTC))
                .getId();
    }
}
