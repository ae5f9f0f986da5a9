package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * An index in memory that answers queries as they are sent to Elasticsearch: filters, order, page size, search_after,
 * fields and aggregations. A document may be searchable only from a time on, and searches can be made to fail.
 */
public final class MemoryIndex implements SearchServers {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param indexed what is searched, where it differs from what is shown */
    private record Stored(long number, Hit hit, Hit indexed, Instant visibleAt) {}

    private final List<Stored> documents = new ArrayList<>();
    private final List<ElasticsearchQuery> asked = new ArrayList<>();
    private Instant now = Instant.MAX;
    private Predicate<ElasticsearchQuery> failing = request -> false;
    private int succeeding;
    private int failures;
    public int requests;
    /** Documents that were given out. */
    public int fetched;

    public MemoryIndex add(String id, Instant time, Object... fields) {
        Map<String, Object> source = new LinkedHashMap<>(Map.of("@timestamp", time.toString()));
        for (int i = 0; i < fields.length; i += 2) {
            source.put((String) fields[i], fields[i + 1]);
        }
        Map<String, Object> indexed = new LinkedHashMap<>(source);
        indexed.put("@timestamp", time.toString());
        documents.add(
                new Stored(documents.size(), new Hit("logs", id, source), new Hit("logs", id, indexed), Instant.MIN));
        return this;
    }

    /** @param visibleAt when it becomes searchable, by {@link #at} */
    public MemoryIndex add(Hit hit, Instant visibleAt) {
        documents.add(new Stored(documents.size(), hit, hit, visibleAt));
        return this;
    }

    /** Sets the clock that documents become searchable by; at first all of them are. */
    public void at(Instant time) {
        now = time;
    }

    public MemoryIndex failNext(int times) {
        failures = times;
        return this;
    }

    /** From now on these requests fail, but for so many of them first. */
    public void fail(Predicate<ElasticsearchQuery> which, int after) {
        failing = which;
        succeeding = after;
    }

    /** The requests since the last call, in order, the failed ones too. */
    public List<ElasticsearchQuery> takeAsked() {
        List<ElasticsearchQuery> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    @Override
    public CompletableFuture<ElasticsearchResponse> search(ElasticsearchQuery request) {
        requests++;
        asked.add(request);
        if (failures > 0 || failing.test(request) && succeeding-- <= 0) {
            failures = Math.max(0, failures - 1);
            return CompletableFuture.failedFuture(new FailedException("out of order", null));
        }
        try {
            return CompletableFuture.completedFuture(answer(request));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new FailedException(e.getMessage(), e));
        }
    }

    private ElasticsearchResponse answer(ElasticsearchQuery request) {
        if (request.language() != QueryLanguage.QUERY_DSL) {
            throw new IllegalArgumentException("no " + request.language() + " in memory");
        }
        ObjectNode body = request.body();
        Predicate<Hit> wanted = body.has("query") ? MemoryQuery.of(body.get("query")) : hit -> true;
        List<Pattern> indices =
                request.indices().stream().map(MemoryQuery::wildcard).toList();
        List<Stored> found = documents.stream()
                .filter(stored -> !stored.visibleAt().isAfter(now))
                .filter(stored -> indices.stream()
                        .anyMatch(index -> index.matcher(stored.hit().index()).matches()))
                .filter(stored -> wanted.test(stored.indexed()))
                .toList();
        List<Function<Stored, Double>> keys = keys(body.path("sort"));
        Predicate<Hit> shown = body.has("post_filter") ? MemoryQuery.of(body.get("post_filter")) : hit -> true;
        List<Stored> page = found.stream()
                .filter(stored -> shown.test(stored.indexed()))
                .sorted((a, b) -> compare(values(keys, a), values(keys, b)))
                .filter(stored -> !body.has("search_after")
                        || compare(values(keys, stored), numbers(body.get("search_after"))) > 0)
                .limit(body.path("size").asInt(10))
                .toList();
        fetched += page.size();
        ArrayNode last = page.isEmpty() ? null : JSON.createArrayNode();
        if (last != null) {
            values(keys, page.get(page.size() - 1)).forEach(value -> last.add(value.longValue()));
        }
        ObjectNode answers = MemoryAggregations.of(
                body.path("aggs"), found.stream().map(Stored::indexed).toList());
        return new ElasticsearchResponse(
                page.stream().map(stored -> fetched(stored.hit(), body)).toList(), last, found.size(), answers);
    }

    /** Numbers that sort as the fields do: times by their milliseconds, {@code _seq_no} by the order of arrival. */
    private static List<Function<Stored, Double>> keys(JsonNode sort) {
        List<Function<Stored, Double>> keys = new ArrayList<>();
        sort.forEach(key -> {
            String field = key.fieldNames().next();
            keys.add(stored -> field.startsWith("_")
                    ? stored.number()
                    : MemoryFields.values(stored.indexed().source(), field).stream()
                            .map(MemoryFields::number)
                            .findFirst()
                            .orElse(0d));
        });
        if (keys.isEmpty()) {
            keys.add(stored -> (double) stored.number());
        }
        return keys;
    }

    private static List<Double> values(List<Function<Stored, Double>> keys, Stored stored) {
        return keys.stream().map(key -> key.apply(stored)).toList();
    }

    private static List<Double> numbers(JsonNode values) {
        List<Double> numbers = new ArrayList<>();
        values.forEach(value -> numbers.add(value.asDouble()));
        return numbers;
    }

    private static int compare(List<Double> a, List<Double> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = Double.compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /** The document with those fields of its source that were asked for. */
    private static Hit fetched(Hit hit, ObjectNode body) {
        if (!body.has("_source")) {
            return hit;
        }
        List<Pattern> names = new ArrayList<>();
        body.get("_source").forEach(name -> names.add(MemoryQuery.wildcard(name.asText())));
        return new Hit(hit.index(), hit.id(), fields(hit.source(), "", names));
    }

    private static Map<String, Object> fields(Map<?, ?> source, String path, List<Pattern> names) {
        Map<String, Object> fields = new LinkedHashMap<>();
        source.forEach((key, value) -> {
            String name = path + key;
            if (names.stream().anyMatch(wanted -> wanted.matcher(name).matches())) {
                fields.put(key.toString(), value);
            } else if (value instanceof Map<?, ?> map) {
                Map<String, Object> inner = fields(map, name + ".", names);
                if (!inner.isEmpty()) {
                    fields.put(key.toString(), inner);
                }
            }
        });
        return fields;
    }
}
