package serai.watch.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.python.Strftime;
import serai.watch.python.Strptime;
import serai.watch.template.Template;
import serai.watch.template.TemplateException;

/**
 * Event times in a format of the rule ({@code timestamp_type: custom}). A time is written in {@code timestamp_format}
 * and then changed by {@code timestamp_format_expr}; before it is read, its text is changed by
 * {@code timestamp_to_datetime_format_expr}. Both are Python expressions of {@code ts}, the text; the first also of
 * {@code dt}, the time. Jinja2's expressions are like Python's, so they are evaluated as such.
 */
final class CustomTime {

    private static final Instant SAMPLE = Instant.parse("2024-03-01T12:34:56.789012Z");

    private final String format;
    private final Strptime reader;
    private final Template afterWriting;
    private final Template beforeReading;

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
        try {
            write(SAMPLE, ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw refused(options, "timestamp_format_expr", e);
        }
        try {
            text(write(SAMPLE, ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw refused(options, "timestamp_to_datetime_format_expr", e);
        }
    }

    private static Template expression(Options options, String name) throws RuleException {
        String source = options.text(name, null);
        try {
            return source == null ? null : Template.expression(source);
        } catch (TemplateException e) {
            throw refused(options, name, e);
        }
    }

    private static RuleException refused(Options options, String name, Exception cause) {
        return options.refused(
                name,
                "cannot be evaluated: " + cause.getMessage()
                        + "; write it with slices, + and methods of texts, such as ts[:23] + ts[26:]");
    }

    String write(Instant time, ZoneId zone) {
        ZonedDateTime zoned = time.atZone(zone);
        String text = Strftime.format(zoned, format);
        return afterWriting == null ? text : value(afterWriting, Map.of("ts", text, "dt", zoned));
    }

    /** @throws DateTimeException when the value is no time of this format */
    Instant read(Object value) {
        return reader.parse(text(Python.str(value)));
    }

    private String text(String written) {
        return beforeReading == null ? written : value(beforeReading, Map.of("ts", written));
    }

    private static String value(Template expression, Map<String, Object> variables) {
        try {
            String value = expression.render(variables);
            if (value.isEmpty()) {
                throw new DateTimeException("it has no value");
            }
            return value;
        } catch (TemplateException e) {
            throw new DateTimeException(e.getMessage(), e);
        }
    }
}
