package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import serai.watch.query.Search.Hit;

/**
 * Aggregations over documents in memory, answered as Elasticsearch writes them. One that is not known here is an error.
 */
final class MemoryAggregations {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<String, Long> UNITS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Pattern SCRIPT = Pattern.compile("doc\\['([^']+)'\\]\\.value(?:\\s*([*/+-])\\s*([0-9.]+))?");

    private MemoryAggregations() {}

    static ObjectNode of(JsonNode aggregations, List<Hit> hits) {
        ObjectNode answers = JSON.objectNode();
        aggregations.properties().forEach(named -> answers.set(named.getKey(), one(named.getValue(), hits)));
        return answers;
    }

    private static ObjectNode one(JsonNode aggregation, List<Hit> hits) {
        JsonNode inner = aggregation.path("aggs");
        String kind = aggregation.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !name.equals("aggs"))
                .findFirst()
                .orElseThrow();
        JsonNode body = aggregation.get(kind);
        return switch (kind) {
            case "terms" -> terms(body, inner, hits);
            case "date_histogram" -> histogram(body, inner, hits);
            case "filter" ->
                bucket(inner, hits.stream().filter(MemoryQuery.of(body)).toList());
            case "filters" -> filters(body, inner, hits);
            default -> metric(kind, body, hits);
        };
    }

    private static ObjectNode bucket(JsonNode inner, List<Hit> hits) {
        ObjectNode bucket = JSON.objectNode().put("doc_count", hits.size());
        if (!inner.isMissingNode()) {
            bucket.setAll(of(inner, hits));
        }
        return bucket;
    }

    private static ObjectNode terms(JsonNode body, JsonNode inner, List<Hit> hits) {
        Map<Object, List<Hit>> byValue = new LinkedHashMap<>();
        hits.forEach(hit -> MemoryQuery.values(hit, body.get("field").asText()).stream()
                .distinct()
                .forEach(value ->
                        byValue.computeIfAbsent(value, v -> new ArrayList<>()).add(hit)));
        Comparator<Map.Entry<Object, List<Hit>>> order =
                Comparator.comparing(e -> -e.getValue().size());
        int least = body.path("min_doc_count").asInt(1);
        List<Map.Entry<Object, List<Hit>>> all = byValue.entrySet().stream()
                .filter(e -> e.getValue().size() >= least)
                .sorted(order.thenComparing(
                                e -> e.getKey() instanceof Number ? MemoryFields.number(e.getKey()) : Double.valueOf(0))
                        .thenComparing(e -> e.getKey().toString()))
                .toList();
        List<Map.Entry<Object, List<Hit>>> largest =
                all.stream().limit(body.path("size").asInt(10)).toList();
        ObjectNode answer = JSON.objectNode()
                .put("doc_count_error_upper_bound", 0)
                .put(
                        "sum_other_doc_count",
                        all.stream()
                                .skip(largest.size())
                                .mapToInt(e -> e.getValue().size())
                                .sum());
        ArrayNode buckets = answer.putArray("buckets");
        largest.forEach(entry -> {
            ObjectNode bucket = JSON.objectNode();
            if (entry.getKey() instanceof Boolean flag) {
                bucket.put("key", flag ? 1 : 0).put("key_as_string", flag.toString());
            } else {
                bucket.putPOJO("key", entry.getKey());
            }
            buckets.add(bucket.setAll(bucket(inner, entry.getValue())));
        });
        return answer;
    }

    private static ObjectNode histogram(JsonNode body, JsonNode inner, List<Hit> hits) {
        long interval = millis(body.get("fixed_interval").asText());
        long offset = body.has("offset") ? millis(body.get("offset").asText()) : 0;
        TreeMap<Long, List<Hit>> byStart = new TreeMap<>();
        hits.forEach(hit -> MemoryQuery.values(hit, body.get("field").asText()).stream()
                .findFirst()
                .ifPresent(value -> byStart.computeIfAbsent(
                                Math.floorDiv(MemoryFields.number(value).longValue() - offset, interval) * interval
                                        + offset,
                                start -> new ArrayList<>())
                        .add(hit)));
        ObjectNode answer = JSON.objectNode();
        ArrayNode buckets = answer.putArray("buckets");
        for (long start = byStart.isEmpty() ? 1 : byStart.firstKey();
                !byStart.isEmpty() && start <= byStart.lastKey();
                start += interval) {
            List<Hit> inside = byStart.getOrDefault(start, List.of());
            if (inside.size() >= body.path("min_doc_count").asInt(0)) {
                String text = Instant.ofEpochMilli(start).toString().replaceFirst("(:\\d\\d)Z", "$1.000Z");
                buckets.add(JSON.objectNode()
                        .put("key_as_string", text)
                        .put("key", start)
                        .<ObjectNode>setAll(bucket(inner, inside)));
            }
        }
        return answer;
    }

    private static long millis(String text) {
        Matcher parts = Pattern.compile("([+-]?\\d+)(ms|s|m|h|d)").matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no interval: " + text);
        }
        return Long.parseLong(parts.group(1)) * UNITS.get(parts.group(2));
    }

    private static ObjectNode filters(JsonNode body, JsonNode inner, List<Hit> hits) {
        ObjectNode answer = JSON.objectNode();
        JsonNode filters = body.get("filters");
        if (filters.isArray()) {
            ArrayNode buckets = answer.putArray("buckets");
            filters.forEach(filter -> buckets.add(
                    bucket(inner, hits.stream().filter(MemoryQuery.of(filter)).toList())));
            return answer;
        }
        ObjectNode buckets = answer.putObject("buckets");
        List<Hit> rest = new ArrayList<>(hits);
        filters.properties().forEach(filter -> {
            List<Hit> inside =
                    hits.stream().filter(MemoryQuery.of(filter.getValue())).toList();
            rest.removeAll(inside);
            buckets.set(filter.getKey(), bucket(inner, inside));
        });
        if (body.path("other_bucket").asBoolean()) {
            buckets.set("_other_", bucket(inner, rest));
        }
        return answer;
    }

    private static ObjectNode metric(String kind, JsonNode body, List<Hit> hits) {
        List<Object> values =
                hits.stream().flatMap(hit -> values(body, hit).stream()).toList();
        List<Double> numbers = values.stream()
                .map(MemoryFields::number)
                .filter(n -> n != null)
                .sorted()
                .collect(Collectors.toList());
        return switch (kind) {
            case "value_count" -> JSON.objectNode().put("value", values.size());
            case "cardinality" ->
                JSON.objectNode().put("value", values.stream().distinct().count());
            case "sum" ->
                JSON.objectNode()
                        .put("value", numbers.stream().mapToDouble(n -> n).sum());
            case "min" -> value(numbers.isEmpty() ? null : numbers.get(0));
            case "max" -> value(numbers.isEmpty() ? null : numbers.get(numbers.size() - 1));
            case "avg" ->
                value(
                        numbers.isEmpty()
                                ? null
                                : numbers.stream().mapToDouble(n -> n).average().getAsDouble());
            case "percentiles" -> percentiles(body, numbers);
            default -> throw new IllegalArgumentException("no aggregation '" + kind + "' in memory");
        };
    }

    private static ObjectNode value(Double number) {
        return JSON.objectNode().put("value", number);
    }

    private static List<Object> values(JsonNode body, Hit hit) {
        if (!body.has("script")) {
            return MemoryQuery.values(hit, body.get("field").asText());
        }
        JsonNode script = body.get("script");
        String source = script.isTextual()
                ? script.asText()
                : script.path("source").asText(script.path("inline").asText());
        Matcher parts = SCRIPT.matcher(source);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no script in memory: " + source);
        }
        return MemoryQuery.values(hit, parts.group(1)).stream()
                .map(value -> (Object) computed(MemoryFields.number(value), parts))
                .toList();
    }

    private static double computed(double value, Matcher parts) {
        double other = parts.group(3) == null ? 0 : Double.parseDouble(parts.group(3));
        return switch (parts.group(2) == null ? "+" : parts.group(2)) {
            case "*" -> value * other;
            case "/" -> value / other;
            case "-" -> value - other;
            default -> value + other;
        };
    }

    /** By linear interpolation, as Elasticsearch's TDigest gives for few values. */
    private static ObjectNode percentiles(JsonNode body, List<Double> numbers) {
        ObjectNode answer = JSON.objectNode();
        ObjectNode values = answer.putObject("values");
        body.get("percents").forEach(percent -> {
            double place = percent.asDouble() / 100 * (numbers.size() - 1);
            int below = (int) Math.floor(place);
            Double value = numbers.isEmpty()
                    ? null
                    : numbers.get(below)
                            + (place - below)
                                    * (numbers.get(Math.min(below + 1, numbers.size() - 1)) - numbers.get(below));
            values.put(String.valueOf(percent.asDouble()), value);
        });
        return answer;
    }
}
