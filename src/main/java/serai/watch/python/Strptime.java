package serai.watch.python;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.SignStyle;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import java.util.Map;

/** Python's {@code datetime.strptime}: reads times in a format that {@link Strftime} writes. */
public final class Strptime {

    private static final LocalDate DEFAULT_DATE = LocalDate.of(1900, 1, 1);
    private static final DateTimeFormatter OFFSET =
            new DateTimeFormatterBuilder().appendPattern("[XXX][XX][X]").toFormatter(Locale.ROOT);
    private static final Map<Character, ChronoField> TWO_DIGITS = Map.ofEntries(
            Map.entry('m', ChronoField.MONTH_OF_YEAR),
            Map.entry('d', ChronoField.DAY_OF_MONTH),
            Map.entry('H', ChronoField.HOUR_OF_DAY),
            Map.entry('M', ChronoField.MINUTE_OF_HOUR),
            Map.entry('S', ChronoField.SECOND_OF_MINUTE),
            Map.entry('I', ChronoField.CLOCK_HOUR_OF_AMPM));

    private final DateTimeFormatter formatter;

    /** @throws IllegalArgumentException when the format has a directive that cannot be read */
    public Strptime(String format) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && i + 1 < format.length()) {
                append(builder, format.charAt(++i));
            } else {
                builder.appendLiteral(c);
            }
        }
        if (!format.contains("%j")) {
            builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1).parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
        }
        this.formatter = builder.toFormatter(Locale.ENGLISH);
    }

    /** Like Python, takes one or two digits where {@code strftime} writes two. */
    private static void append(DateTimeFormatterBuilder builder, char directive) {
        if (TWO_DIGITS.containsKey(directive)) {
            builder.appendValue(TWO_DIGITS.get(directive), 1, 2, SignStyle.NOT_NEGATIVE);
            return;
        }
        switch (directive) {
            case 'Y' -> builder.appendValue(ChronoField.YEAR, 4);
            case 'y' -> builder.appendValueReduced(ChronoField.YEAR, 2, 2, 1969);
            case 'f' -> builder.appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, false);
            case 'j' -> builder.appendValue(ChronoField.DAY_OF_YEAR, 1, 3, SignStyle.NOT_NEGATIVE);
            case 'b', 'h' -> builder.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> builder.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case 'a' -> builder.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
            case 'A' -> builder.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
            case 'p' -> builder.appendText(ChronoField.AMPM_OF_DAY);
            case 'z' -> builder.append(OFFSET);
            case 'Z' -> builder.appendZoneText(TextStyle.SHORT);
            case '%' -> builder.appendLiteral('%');
            default ->
                throw new IllegalArgumentException(
                        "the directive %" + directive + " cannot be read back; use %Y %m %d %H %M %S %f %z");
        }
    }

    /**
     * The instant of a text, to the microsecond; without an offset the text is UTC, without a date it is 1 January
     * 1900.
     *
     * @throws DateTimeException when the text does not have the format
     */
    public Instant parse(String text) {
        TemporalAccessor parsed = formatter.parse(text);
        LocalDate date = parsed.query(TemporalQueries.localDate());
        LocalTime time = parsed.query(TemporalQueries.localTime());
        ZoneId zone = parsed.query(TemporalQueries.zone());
        return (date == null ? DEFAULT_DATE : date)
                .atTime(time == null ? LocalTime.MIDNIGHT : time)
                .atZone(zone == null ? ZoneOffset.UTC : zone)
                .toInstant()
                .truncatedTo(ChronoUnit.MICROS);
    }
}
