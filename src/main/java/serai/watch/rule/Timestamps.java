package serai.watch.rule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.watch.python.DateutilParser;

/** Reads and writes timestamps of documents as ElastAlert does; to the microsecond, which is the finest in Python. */
public final class Timestamps {

    /** Decimal places of a microsecond in a number of seconds. */
    static final int SECONDS = 6;
    /** Decimal places of a microsecond in a number of milliseconds. */
    static final int MILLISECONDS = 3;

    /** Elasticsearch's {@code strict_date_optional_time}; what is behind the time is a zone or an offset. */
    private static final Pattern ISO = Pattern.compile("(?<year>-?\\d{4})(?:(?:-(?<month>\\d\\d))?T?"
            + "|-(?<monthOfTime>\\d\\d)(?:-(?<day>\\d\\d))?(?:T" + "(?<hour>\\d\\d)"
            + "(?::(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:[.,](?<fraction>\\d{1,9}))?)?)?(?<zone>[-+A-Z].*)?|T)?)");
    /** Its {@code epoch_millis}. */
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d*)?");
    /** Dates that are written as digits only, with or without a time; such a number of milliseconds is long ago. */
    private static final Pattern COMPACT = Pattern.compile("\\d{8}|\\d{12}|\\d{14}");

    /** The most digits of a number: one with a huge exponent would take long to write out. */
    private static final int MOST_DIGITS = 40;

    private static final DateTimeFormatter WHOLE_SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

    private Timestamps() {}

    /**
     * Reads a value of {@code timestamp_type: iso}: what Elasticsearch's default mapping takes for a date
     * ({@code strict_date_optional_time||epoch_millis}), in its meaning, else what ElastAlert's reader, dateutil, takes
     * for one. Text without an offset is UTC; a number is milliseconds since 1970.
     *
     * @throws DateTimeException when the value is no time
     */
    public static Instant read(Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        return value instanceof String text ? parse(text.strip()) : ofNumber(value, MILLISECONDS);
    }

    private static Instant parse(String text) {
        if (COMPACT.matcher(text).matches()) {
            try {
                return DateutilParser.parse(text);
            } catch (DateTimeException e) {
                return ofNumber(text, MILLISECONDS);
            }
        }
        Instant time = elasticsearch(text);
        return time == null ? DateutilParser.parse(text) : time;
    }

    /** The time that a text is in Elasticsearch's default mapping; null when it is none. */
    private static Instant elasticsearch(String text) {
        Matcher iso = ISO.matcher(text);
        try {
            if (iso.matches()) {
                return iso(iso);
            }
        } catch (DateTimeException e) {
            return null;
        }
        return NUMBER.matcher(text).matches() ? ofNumber(text, MILLISECONDS) : null;
    }

    private static Instant iso(Matcher iso) {
        String month = iso.group("month") == null ? iso.group("monthOfTime") : iso.group("month");
        LocalDateTime time = LocalDateTime.of(
                number(iso.group("year"), 0),
                number(month, 1),
                number(iso.group("day"), 1),
                number(iso.group("hour"), 0),
                number(iso.group("minute"), 0),
                number(iso.group("second"), 0),
                iso.group("fraction") == null
                        ? 0
                        : number((iso.group("fraction") + "00000").substring(0, 6), 0) * 1_000);
        return time.atZone(zone(iso.group("zone"))).toInstant();
    }

    /** Of two offsets, of which one is Z, the first counts. */
    private static ZoneId zone(String name) {
        return name == null
                ? ZoneOffset.UTC
                : ZoneId.of(name.replaceFirst("^Z[-+].*", "Z").replaceFirst("(?<=\\d)Z$", ""));
    }

    private static int number(String digits, int other) {
        return digits == null ? other : Integer.parseInt(digits);
    }

    /**
     * Reads a number, or the text of one, of seconds or milliseconds since 1970.
     *
     * @param decimals {@link #SECONDS} or {@link #MILLISECONDS}
     */
    static Instant ofNumber(Object value, int decimals) {
        if (value instanceof Instant instant) {
            return instant;
        }
        try {
            String text = String.valueOf(value).strip();
            BigDecimal number = new BigDecimal(text.length() > MOST_DIGITS ? "" : text);
            if (Math.abs((long) number.precision() - number.scale()) > MOST_DIGITS) {
                throw new DateTimeException("not a time: a number with too many digits");
            }
            BigDecimal micros = number.movePointRight(decimals).setScale(0, RoundingMode.FLOOR);
            return Instant.EPOCH.plus(micros.longValueExact(), ChronoUnit.MICROS);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new DateTimeException("not a time", e);
        }
    }

    /** ISO text with Z; with three or six decimals, or none for a whole second. */
    public static String write(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).toString();
    }

    /** ISO text with a zone's offset as Python's {@code isoformat} writes it, with six decimals or none. */
    static String write(Instant time, ZoneId zone) {
        ZonedDateTime zoned = time.atZone(zone);
        if (zoned.getOffset().equals(ZoneOffset.UTC)) {
            return write(time);
        }
        int micros = time.getNano() / 1_000;
        return WHOLE_SECONDS.format(zoned) + (micros == 0 ? "" : String.format(".%06d", micros)) + zoned.getOffset();
    }
}
