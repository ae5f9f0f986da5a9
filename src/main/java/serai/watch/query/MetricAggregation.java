package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.query.Search.Bucket;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/**
 * The aggregations of metric_aggregation, spike_aggregation and percentage_match, as ElastAlert sends them, and the
 * buckets of the response ({@code docs/reference/elastalert.md}, "Queries").
 */
final class MetricAggregation {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> UNITS = Map.of("seconds", "s", "minutes", "m", "hours", "h", "days", "d");
    private static final String KEYS = "bucket_aggs";
    private static final String INTERVALS = "interval_aggs";
    private static final String PERCENTAGE = "percentage_match_aggs";

    private final Query.Metrics query;
    private final Rule rule;

    MetricAggregation(Query.Metrics query) {
        this.query = query;
        this.rule = query.rule();
    }

    /** Terms for each part of the query key, outermost first; in them the intervals; in these the measure. */
    ObjectNode aggregations() {
        ObjectNode inner = query.isPercentage() ? percentage() : metric();
        if (query.interval() != null) {
            inner = intervals(inner);
        }
        List<Query.Terms> keys = query.keys();
        for (int i = keys.size() - 1; i >= 0; i--) {
            ObjectNode outer = JsonNodeFactory.instance.objectNode();
            ObjectNode buckets = outer.putObject(KEYS);
            buckets.set("terms", TermAggregations.terms(keys.get(i)));
            buckets.set("aggs", inner);
            inner = outer;
        }
        return inner;
    }

    private ObjectNode intervals(ObjectNode inner) {
        ObjectNode outer = JsonNodeFactory.instance.objectNode();
        ObjectNode buckets = outer.putObject(INTERVALS);
        ObjectNode histogram = buckets.putObject("date_histogram")
                .put("field", rule.timestampField())
                .put("fixed_interval", period());
        if (query.offsetSeconds() != 0) {
            histogram.put("offset", "+" + query.offsetSeconds() + "s");
        }
        buckets.set("aggs", inner);
        return outer;
    }

    /** A whole number of one unit as it is written; else in seconds or milliseconds. Servers know no weeks here. */
    private String period() {
        if (rule.option("bucket_interval") instanceof Map<?, ?> units && units.size() == 1) {
            Map.Entry<?, ?> unit = units.entrySet().iterator().next();
            String letter = UNITS.get(Python.str(unit.getKey()));
            if (letter != null && unit.getValue() instanceof Integer count) {
                return count + letter;
            }
        }
        Duration interval = query.interval();
        if (interval.toMillisPart() > 0) {
            return interval.toMillis() + "ms";
        }
        return interval.toSeconds() % 86_400 == 0 ? interval.toDays() + "d" : interval.toSeconds() + "s";
    }

    private ObjectNode percentage() {
        ObjectNode element = JsonNodeFactory.instance.objectNode();
        element.putObject(PERCENTAGE)
                .putObject("filters")
                .put("other_bucket", true)
                .putObject("filters")
                .putObject("match_bucket")
                .putObject("bool")
                .set("must", JSON.valueToTree(rule.option("match_bucket_filter")));
        return element;
    }

    private ObjectNode metric() {
        ObjectNode metric = JsonNodeFactory.instance.objectNode();
        Object script = rule.option("metric_agg_script");
        if (Python.truthy(script)) {
            // every server refuses a script that is not a map: ElastAlert sends it so and fails
            metric = script instanceof Map ? JSON.valueToTree(script) : metric.put("script", Python.str(script));
        } else {
            metric.put("field", query.field());
        }
        if (query.kind().equals("percentiles")) {
            Object range = rule.option("percentile_range");
            metric.putArray("percents")
                    .add(JSON.<JsonNode>valueToTree(
                            range instanceof Number ? range : new BigDecimal(Python.str(range))));
        }
        ObjectNode element = JsonNodeFactory.instance.objectNode();
        element.putObject(name()).set(query.kind(), metric);
        return element;
    }

    private String name() {
        return "metric_" + query.field() + "_" + query.kind();
    }

    /** The innermost buckets of a response. */
    List<Bucket> buckets(JsonNode aggregations) {
        List<Bucket> buckets = new ArrayList<>();
        collect(List.of(), null, aggregations, buckets);
        return buckets;
    }

    private void collect(List<Object> keys, Instant start, JsonNode level, List<Bucket> buckets) {
        if (level.has(INTERVALS)) {
            level.at("/" + INTERVALS + "/buckets").forEach(bucket -> collect(keys, start(bucket), bucket, buckets));
        } else if (level.has(KEYS)) {
            for (JsonNode bucket : level.at("/" + KEYS + "/buckets")) {
                List<Object> inner = new ArrayList<>(keys);
                inner.add(TermAggregations.scalar(bucket.path("key")));
                collect(inner, start, bucket, buckets);
            }
        } else if (query.isPercentage()) {
            JsonNode counts = level.at("/" + PERCENTAGE + "/buckets");
            long matching = counts.at("/match_bucket/doc_count").asLong();
            long others = counts.at("/_other_/doc_count").asLong();
            buckets.add(new Bucket(keys, start, matching + others, matching));
        } else {
            buckets.add(new Bucket(keys, start, level.path("doc_count").asLong(), value(level.path(name()))));
        }
    }

    /** The text of a bucket's time, where it can be read; the number beside it is milliseconds. */
    private static Instant start(JsonNode bucket) {
        try {
            return Timestamps.read(bucket.path("key_as_string").asText());
        } catch (DateTimeException e) {
            return Instant.ofEpochMilli(bucket.path("key").asLong());
        }
    }

    /** Null when the bucket has no documents, or none with the field. */
    private Number value(JsonNode metric) {
        JsonNode value = metric.path("value");
        if (query.kind().equals("percentiles") && !metric.path("values").isEmpty()) {
            JsonNode first = metric.get("values").elements().next();
            value = first.isObject() ? first.path("value") : first;
        }
        return value.isNumber() && Double.isFinite(value.doubleValue()) ? value.numberValue() : null;
    }
}
