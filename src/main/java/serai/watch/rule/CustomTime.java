package serai.watch.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
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
import serai.watch.python.Python;
import serai.watch.python.Strftime;

/**
 * Event times of a format of their own: {@code timestamp_type: custom} with Python's {@code timestamp_format} and the
 * two expressions (spec/elastalert.md 1.5). A text without an offset is UTC.
 */
public final class CustomTime {

    private static final DateTimeFormatter OFFSET =
            new DateTimeFormatterBuilder().appendPattern("[XXX][XX][X]").toFormatter(Locale.ROOT);

    private final String format;
    private final DateTimeFormatter reader;
    private final TimeExpression afterWriting;
    private final TimeExpression beforeReading;

    private CustomTime(String format, TimeExpression afterWriting, TimeExpression beforeReading) {
        this.format = format;
        this.reader = reader(format);
        this.afterWriting = afterWriting;
        this.beforeReading = beforeReading;
    }

    /** @throws RuleException when the format or an expression cannot be used */
    static CustomTime of(Options given) throws RuleException {
        String format = given.text("timestamp_format", "%Y-%m-%dT%H:%M:%SZ");
        TimeExpression afterWriting = expression(given, "timestamp_format_expr");
        TimeExpression beforeReading = expression(given, "timestamp_to_datetime_format_expr");
        try {
            return new CustomTime(format, afterWriting, beforeReading);
        } catch (IllegalArgumentException e) {
            throw given.refused("timestamp_format", e.getMessage());
        }
    }

    private static TimeExpression expression(Options given, String option) throws RuleException {
        String source = given.text(option, null);
        try {
            return source == null ? null : TimeExpression.of(source);
        } catch (IllegalArgumentException e) {
            throw given.refused(
                    option, e.getMessage() + "; write it with slices, + and texts, such as ts[:23] + ts[26:]");
        }
    }

    /** The moment as the format says, with the expression after it. */
    String write(Instant time, ZoneId zone) {
        ZonedDateTime moment = time.atZone(zone);
        String text = Strftime.format(moment, format);
        return afterWriting == null ? text : afterWriting.apply(text, moment);
    }

    /** @throws DateTimeException when the text holds no time of the format */
    Instant read(Object value) {
        String text = Python.str(value);
        if (beforeReading != null) {
            text = beforeReading.apply(text, null);
        }
        TemporalAccessor parsed = reader.parse(text);
        LocalDate date = parsed.query(TemporalQueries.localDate());
        LocalTime time = parsed.query(TemporalQueries.localTime());
        ZoneId zone = parsed.query(TemporalQueries.zone());
        return (date == null ? LocalDate.of(1900, 1, 1) : date)
                .atTime(time == null ? LocalTime.MIDNIGHT : time)
                .atZone(zone == null ? ZoneOffset.UTC : zone)
                .toInstant()
                .truncatedTo(ChronoUnit.MICROS);
    }

    private static DateTimeFormatter reader(String format) {
        DateTimeFormatterBuilder reader = new DateTimeFormatterBuilder().parseCaseInsensitive();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c == '%' && i + 1 < format.length()) {
                directive(reader, format.charAt(++i));
            } else {
                reader.appendLiteral(c);
            }
        }
        if (!format.contains("%j")) {
            reader.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1).parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
        }
        return reader.toFormatter(Locale.ENGLISH);
    }

    private static final Map<Character, ChronoField> TWO_DIGITS = Map.of(
            'm',
            ChronoField.MONTH_OF_YEAR,
            'd',
            ChronoField.DAY_OF_MONTH,
            'H',
            ChronoField.HOUR_OF_DAY,
            'M',
            ChronoField.MINUTE_OF_HOUR,
            'S',
            ChronoField.SECOND_OF_MINUTE,
            'I',
            ChronoField.CLOCK_HOUR_OF_AMPM);

    /** As Python's strptime: one or two digits, one to six of a second's fraction. */
    private static void directive(DateTimeFormatterBuilder reader, char directive) {
        if (TWO_DIGITS.containsKey(directive)) {
            reader.appendValue(TWO_DIGITS.get(directive), 1, 2, SignStyle.NOT_NEGATIVE);
            return;
        }
        switch (directive) {
            case 'Y' -> reader.appendValue(ChronoField.YEAR, 4);
            case 'y' -> reader.appendValueReduced(ChronoField.YEAR, 2, 2, 1969);
            case 'f' -> reader.appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, false);
            case 'j' -> reader.appendValue(ChronoField.DAY_OF_YEAR, 1, 3, SignStyle.NOT_NEGATIVE);
            case 'b', 'h' -> reader.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.SHORT);
            case 'B' -> reader.appendText(ChronoField.MONTH_OF_YEAR, TextStyle.FULL);
            case 'a' -> reader.appendText(ChronoField.DAY_OF_WEEK, TextStyle.SHORT);
            case 'A' -> reader.appendText(ChronoField.DAY_OF_WEEK, TextStyle.FULL);
            case 'p' -> reader.appendText(ChronoField.AMPM_OF_DAY);
            case 'z' -> reader.append(OFFSET);
            case 'Z' -> reader.appendZoneText(TextStyle.SHORT);
            case '%' -> reader.appendLiteral('%');
            default ->
                throw new IllegalArgumentException(
                        "the directive %" + directive + " cannot be read back; use %Y %m %d %H %M %S %f %z");
        }
    }
}
