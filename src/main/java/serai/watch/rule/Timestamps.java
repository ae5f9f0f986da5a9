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

/** Reads and writes timestamps of documents as ElastAlert does; to the microsecond, which is the finest in Python. */
public final class Timestamps {

    /** Decimal places of a microsecond in a number of seconds. */
    static final int SECONDS = 6;
    /** Decimal places of a microsecond in a number of milliseconds. */
    static final int MILLISECONDS = 3;

    private static final String DATE =
            "(?<year>\\d{4})(?:(?<separator>[-/.])(?<month>\\d\\d?)\\k<separator>(?<day>\\d\\d?)|(?<monthday>\\d{4}))";
    private static final String TIME =
            "(?<hour>\\d\\d)(?::?(?<minute>\\d\\d)(?::?(?<second>\\d\\d)(?:[.,](?<fraction>\\d+))?)?)?";
    private static final String OFFSET = "(?<offset>Z|UTC|GMT|[-+](?:\\d\\d?(?::\\d\\d)?|\\d{4}))";
    /** The ISO-like times that dateutil reads, which ElastAlert uses. */
    private static final Pattern ISO =
            Pattern.compile(DATE + "(?:(?:T|\\s+)" + TIME + "(?:\\s*" + OFFSET + ")?)?", Pattern.CASE_INSENSITIVE);
    /** The most digits of a number: one with a huge exponent would take long to write out. */
    private static final int MOST_DIGITS = 40;

    private static final DateTimeFormatter WHOLE_SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

    private Timestamps() {}

    /**
     * Reads a value of {@code timestamp_type: iso}: ISO 8601 text, which is UTC without an offset; or a number of
     * milliseconds since 1970.
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
        Matcher iso = ISO.matcher(text);
        if (!iso.matches()) {
            throw new DateTimeException("not an ISO 8601 time");
        }
        String monthDay = iso.group("monthday");
        LocalDateTime time = LocalDateTime.of(
                number(iso.group("year")),
                number(monthDay == null ? iso.group("month") : monthDay.substring(0, 2)),
                number(monthDay == null ? iso.group("day") : monthDay.substring(2)),
                number(iso.group("hour")),
                number(iso.group("minute")),
                number(iso.group("second")),
                number(((iso.group("fraction") == null ? "" : iso.group("fraction")) + "000000").substring(0, 6))
                        * 1_000);
        return time.toInstant(ZoneOffset.UTC).minusSeconds(offsetSeconds(iso.group("offset")));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** @param offset such as {@code +01:00}, {@code -0530}, {@code +1} or Z; null for UTC */
    private static int offsetSeconds(String offset) {
        if (offset == null || Character.isLetter(offset.charAt(0))) {
            return 0;
        }
        String digits = offset.substring(1).replace(":", "");
        int hours = number(digits.length() > 2 ? digits.substring(0, 2) : digits);
        int minutes = digits.length() > 2 ? number(digits.substring(2)) : 0;
        if (hours > 23 || minutes > 59) {
            throw new DateTimeException("not an offset: " + offset);
        }
        return (hours * 60 + minutes) * (offset.startsWith("-") ? -60 : 60);
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
