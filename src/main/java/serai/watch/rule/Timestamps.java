package serai.watch.rule;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import serai.watch.python.Strftime;

/**
 * Event times as documents hold them and as ElastAlert writes them (spec/elastalert.md 1.3, 1.4); microseconds are the
 * finest.
 */
public enum Timestamps {

    /** ISO 8601 text; without a zone it is UTC. A number is milliseconds, as Elasticsearch takes it for a date. */
    ISO,
    /** Seconds. */
    UNIX,
    /** Milliseconds. */
    UNIX_MS,
    /** Text of the rule's own format: {@link CustomTime}. */
    CUSTOM;

    private static final DateTimeFormatter TEXT = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']HH:mm[:ss]")
            .optionalStart()
            .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
            .optionalEnd()
            .optionalStart()
            .appendLiteral(' ')
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH:mm", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHmm", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH", "Z")
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT);
    /** Digits of a number; one with a great exponent would be written out. */
    private static final int LONGEST = 40;

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

    /**
     * The instant that a field's value means.
     *
     * @throws DateTimeException when it means none
     */
    public Instant read(Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        if (this == ISO && value instanceof String text) {
            return parse(text.strip());
        }
        try {
            String text = String.valueOf(value).strip();
            BigDecimal number = new BigDecimal(text.length() > LONGEST ? "" : text);
            if (Math.abs((long) number.precision() - number.scale()) > LONGEST) {
                throw new DateTimeException("not a time");
            }
            BigDecimal micros = number.movePointRight(this == UNIX ? 6 : 3).setScale(0, RoundingMode.FLOOR);
            return Instant.EPOCH.plus(micros.longValueExact(), ChronoUnit.MICROS);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new DateTimeException("not a time", e);
        }
    }

    private static Instant parse(String text) {
        TemporalAccessor parsed = TEXT.parse(text);
        ZoneOffset offset = parsed.query(TemporalQueries.offset());
        LocalTime time = parsed.query(TemporalQueries.localTime());
        return parsed.query(TemporalQueries.localDate())
                .atTime(time == null ? LocalTime.MIDNIGHT : time)
                .toInstant(offset == null ? ZoneOffset.UTC : offset)
                .truncatedTo(ChronoUnit.MICROS);
    }

    /** The bound of a query's range: text in a zone, or a number, as the field is mapped. */
    Object bound(Instant time, ZoneId zone) {
        return switch (this) {
            case ISO, CUSTOM -> write(time, zone);
            case UNIX -> time.getEpochSecond();
            case UNIX_MS -> time.getEpochSecond() * 1_000;
        };
    }

    /** ISO text with Z; milliseconds or microseconds only when there are some. */
    public static String write(Instant time) {
        // as Instant writes it, but for the nanoseconds
        return time.truncatedTo(ChronoUnit.MICROS).toString();
    }

    /** The same with a zone's offset, as Python's isoformat writes it: no fraction or six digits. */
    private static String write(Instant time, ZoneId zone) {
        ZonedDateTime moment = time.atZone(zone);
        if (moment.getOffset().equals(ZoneOffset.UTC)) {
            return write(time);
        }
        int micros = time.getNano() / 1_000;
        return SECONDS.format(moment) + (micros == 0 ? "" : String.format(".%06d", micros)) + moment.getOffset();
    }

    /** As messages show times: in a zone, to the minute unless another format is asked for. */
    public static String pretty(Instant time, ZoneId zone, String format) {
        return Strftime.format(ZonedDateTime.ofInstant(time, zone), format);
    }
}
