package serai.watch.type;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import serai.watch.python.Python;
import serai.watch.python.PythonFormat;
import serai.watch.python.PythonPercent;
import serai.watch.query.Search.Bucket;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * The common part of metric_aggregation and percentage_match: each bucket has a value, which must be within two bounds.
 * Nothing is remembered, every run can match.
 */
abstract class ThresholdType extends AbstractRuleType {

    private static final Set<String> INTERVAL_UNITS = Set.of("seconds", "minutes", "hours", "days", "weeks");

    private final Number min;
    private final Number max;
    private final UnaryOperator<Object> format;

    /**
     * @param min the option with the least value that is allowed
     * @param max the option with the greatest
     * @param format the option with the format of the value in matches
     */
    ThresholdType(Rule rule, String min, String max, String format) {
        super(rule);
        this.min = (Number) rule.option(min);
        this.max = (Number) rule.option(max);
        this.format =
                rule.option(format) == null ? null : format(rule.option(format).toString());
    }

    static void check(TypeOptions options, String min, String max, String format) throws RuleException {
        options.either(max, min);
        checkIntervals(options);
        options.text(format);
        if (options.has(format)) {
            try {
                format(options.value(format).toString());
            } catch (IllegalArgumentException e) {
                throw options.refused(format, e.getMessage());
            }
        }
    }

    private static void checkIntervals(TypeOptions options) throws RuleException {
        options.flags("use_run_every_query_size", "allow_buffer_time_overlap", "sync_bucket_interval");
        options.time("bucket_interval");
        if (!options.has("bucket_interval")) {
            return;
        }
        if (((Map<?, ?>) options.value("bucket_interval")).keySet().stream().noneMatch(INTERVAL_UNITS::contains)) {
            throw options.refused("bucket_interval", "must be in seconds, minutes, hours, days or weeks");
        }
        boolean runs = options.rule().flag("use_run_every_query_size", false);
        Duration whole = runs ? options.rule().runEvery() : options.rule().bufferTime();
        if (whole.toNanos() % options.time("bucket_interval", whole).toNanos() != 0) {
            throw options.refused(
                    "bucket_interval", "must divide " + (runs ? "run_every" : "buffer_time") + " without a remainder");
        }
    }

    /** Python's {@code str.format} if the text begins with a brace, else its {@code %} operator. */
    private static UnaryOperator<Object> format(String text) {
        if (text.startsWith("{")) {
            PythonFormat format = new PythonFormat(text);
            format.require(1, Set.of());
            return value -> format.apply(List.of(value), Map.of());
        }
        PythonPercent format = new PythonPercent(text);
        if (format.count() != 1) {
            throw new IllegalArgumentException("must have one place for the number, such as '%.2f' or '{:.2f}'; write"
                    + " '%%' for a percent sign");
        }
        return format::apply;
    }

    final boolean isBeyondBounds(Number value) {
        return max != null && value.doubleValue() > max.doubleValue()
                || min != null && value.doubleValue() < min.doubleValue();
    }

    /** The bounds as match texts show them. */
    final String bounds() {
        return "(min: " + Python.str(min) + " max : " + Python.str(max) + ")";
    }

    /** A value as match texts show it. */
    final String text(Object value) {
        return format == null ? Python.str(value) : format.apply(value).toString();
    }

    /** Adds a value to a match in the rule's format, if it has one. */
    final void putFormatted(Map<String, Object> match, String name, Number value) {
        if (format != null) {
            match.put(name + "_formatted", format.apply(value));
        }
    }

    /**
     * A match with the time of a bucket. With a compound key it is the end of the query even if there are intervals, as
     * in ElastAlert: silences depend on it.
     */
    final Map<String, Object> matchAt(Bucket bucket, Instant end) {
        boolean compound = bucket.keys().size() > 1;
        return fields(bucket.start() == null || compound ? end : bucket.start());
    }

    /**
     * Adds the query key of a bucket to a match. A single value is nested in maps, one for each dot of the key's name;
     * of a compound key each value is added under its plain name, and all as one text.
     */
    final void putKey(Map<String, Object> match, Bucket bucket) {
        List<Object> values = bucket.keys();
        if (rule.queryKey() == null || values.isEmpty()) {
            return;
        }
        if (values.size() == 1) {
            putNested(match, rule.queryKey(), values.get(0));
            return;
        }
        String[] names = rule.queryKey().split(",");
        for (int i = 0; i < Math.min(names.length, values.size()); i++) {
            match.put(names[i], values.get(i));
        }
        match.put(rule.queryKey(), joined(values));
    }

    private static void putNested(Map<String, Object> match, String name, Object value) {
        int dot = name.indexOf('.');
        if (dot < 0) {
            match.put(name, value);
            return;
        }
        Map<String, Object> inner = new LinkedHashMap<>();
        match.put(name.substring(0, dot), inner);
        putNested(inner, name.substring(dot + 1), value);
    }

    /** The values of a compound key as one text: unlike in documents, without a space after the comma. */
    static String joined(List<Object> values) {
        return values.stream().map(Python::str).collect(Collectors.joining(","));
    }
}
