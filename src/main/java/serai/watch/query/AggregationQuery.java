package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/** The aggregations of metric_aggregation, spike_aggregation and percentage_match (spec/elastalert.md 1.3). */
final class AggregationQuery {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> UNITS = Map.of("seconds", "s", "minutes", "m", "hours", "h", "days", "d");

    private final Rule rule;
    private final long offsetSeconds;

    /** @param bucketsFrom a moment at which a bucket begins, or null for whole multiples of the interval */
    AggregationQuery(Rule rule, Instant bucketsFrom) {
        this.rule = rule;
        this.offsetSeconds = bucketsFrom == null ? 0 : offset(bucketsFrom);
    }

    private long offset(Instant from) {
        Duration interval = interval();
        return interval == null || rule.flag("sync_bucket_interval", false)
                ? 0
                : Math.floorMod(from.getEpochSecond(), Math.max(1, interval.toSeconds()));
    }

    /** {@code bucket_interval} as time, or null. */
    private Duration interval() {
        return rule.option("bucket_interval_timedelta") instanceof Duration time ? time : null;
    }

    /** Terms for each part of the query key, outermost the first; in them the intervals; in these the metric. */
    ObjectNode aggregations() {
        ObjectNode inner = element();
        if (interval() != null) {
            ObjectNode outer = JsonNodeFactory.instance.objectNode();
            ObjectNode buckets = outer.putObject("interval_aggs");
            ObjectNode histogram = buckets.putObject("date_histogram")
                    .put("field", rule.timestampField())
                    .put("fixed_interval", period());
            if (offsetSeconds != 0) {
                histogram.put("offset", "+" + offsetSeconds + "s");
            }
            buckets.set("aggs", inner);
            inner = outer;
        }
        List<String> parts =
                rule.queryKey() == null ? List.of() : List.of(rule.queryKey().split(","));
        for (int i = parts.size() - 1; i >= 0; i--) {
            ObjectNode outer = JsonNodeFactory.instance.objectNode();
            ObjectNode buckets = outer.putObject("bucket_aggs");
            buckets.putObject("terms")
                    .put("field", parts.get(i))
                    .put("size", rule.whole("terms_size", 50))
                    .put("min_doc_count", rule.whole("min_doc_count", 1));
            buckets.set("aggs", inner);
            inner = outer;
        }
        return inner;
    }

    /** One whole number of a unit as it is written; else in seconds or milliseconds. Servers know no weeks here. */
    private String period() {
        if (rule.option("bucket_interval") instanceof Map<?, ?> units && units.size() == 1) {
            Map.Entry<?, ?> unit = units.entrySet().iterator().next();
            String letter = UNITS.get(Python.str(unit.getKey()));
            if (letter != null && unit.getValue() instanceof Integer count) {
                return count + letter;
            }
        }
        Duration interval = interval();
        if (interval.toMillisPart() > 0) {
            return interval.toMillis() + "ms";
        }
        return interval.toSeconds() % 86_400 == 0 ? interval.toDays() + "d" : interval.toSeconds() + "s";
    }

    private ObjectNode element() {
        ObjectNode element = JsonNodeFactory.instance.objectNode();
        if (rule.type().equals("percentage_match")) {
            ObjectNode filters = element.putObject("percentage_match_aggs")
                    .putObject("filters")
                    .put("other_bucket", true);
            filters.putObject("filters")
                    .putObject("match_bucket")
                    .putObject("bool")
                    .set("must", JSON.valueToTree(rule.option("match_bucket_filter")));
            return element;
        }
        String type = Python.str(rule.option("metric_agg_type"));
        String key = Python.str(rule.option("metric_agg_key"));
        ObjectNode metric = JsonNodeFactory.instance.objectNode();
        Object script = rule.option("metric_agg_script");
        if (Python.truthy(script)) {
            // a script that is a text of its own is refused by every server: upstream sends it so and fails
            metric = script instanceof Map ? JSON.valueToTree(script) : metric.put("script", Python.str(script));
        } else {
            metric.put("field", key);
        }
        if (type.equals("percentiles")) {
            Object range = rule.option("percentile_range");
            metric.putArray("percents")
                    .add(JSON.<JsonNode>valueToTree(
                            range instanceof Number ? range : new BigDecimal(Python.str(range))));
        }
        element.putObject("metric_" + key + "_" + type).set(type, metric);
        return element;
    }
}
