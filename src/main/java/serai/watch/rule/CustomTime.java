package serai.watch.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import serai.watch.python.Python;
import serai.watch.python.Strftime;
import serai.watch.python.Strptime;
import serai.watch.python.TimeExpression;

/**
 * Event times in a format of the rule ({@code timestamp_type: custom}): {@code timestamp_format} and the expressions
 * {@code timestamp_format_expr}, applied after a time is written, and {@code timestamp_to_datetime_format_expr},
 * applied before one is read.
 */
final class CustomTime {

    private final String format;
    private final Strptime reader;
    private final TimeExpression afterWriting;
    private final TimeExpression beforeReading;

    /** @throws RuleException when the format or an expression cannot be used */
    CustomTime(Options options) throws RuleException {
        this.format = options.text("timestamp_format", "%Y-%m-%dT%H:%M:%SZ");
        this.afterWriting = expression(options, "timestamp_format_expr");
        this.beforeReading = expression(options, "timestamp_to_datetime_format_expr");
        try {
            this.reader = new Strptime(format);
        } catch (IllegalArgumentException e) {
            throw options.refused("timestamp_format", e.getMessage());
        }
    }

    private static TimeExpression expression(Options options, String name) throws RuleException {
        String source = options.text(name, null);
        try {
            return source == null ? null : new TimeExpression(source);
        } catch (IllegalArgumentException e) {
            throw options.refused(
                    name, e.getMessage() + "; write it with slices, + and texts, such as ts[:23] + ts[26:]");
        }
    }

    String write(Instant time, ZoneId zone) {
        ZonedDateTime zoned = time.atZone(zone);
        String text = Strftime.format(zoned, format);
        return afterWriting == null ? text : afterWriting.apply(text, zoned);
    }

    /** @throws DateTimeException when the value is no time of this format */
    Instant read(Object value) {
        String text = Python.str(value);
        return reader.parse(beforeReading == null ? text : beforeReading.apply(text, null));
    }
}
