package serai.watch.search;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Documents that answer a rule's query as Elasticsearch does: range, order, page size and search_after. */
public final class MemoryIndex implements Search {

    private static final ObjectMapper JSON = new ObjectMapper();

    private record Stored(long millis, long number, Hit hit) {
    }

    private final List<Stored> documents = new ArrayList<>();
    private int failures;
    public int requests;
    public int fetched;

    public MemoryIndex add(String id, Instant time, Object... fields) {
        Map<String, Object> source = new LinkedHashMap<>(Map.of("@timestamp", time.toString()));
        for (int i = 0; i < fields.length; i += 2) {
            source.put((String) fields[i], fields[i + 1]);
        }
        documents.add(new Stored(time.toEpochMilli(), documents.size(), new Hit("logs", id, source)));
        return this;
    }

    public MemoryIndex failNext(int times) {
        failures = times;
        return this;
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        try {
            return CompletableFuture.completedFuture(page(request.body()));
        } catch (FailedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Answer page(ObjectNode body) throws FailedException {
        requests++;
        if (failures > 0) {
            failures--;
            throw new FailedException("out of order", null);
        }
        List<Stored> found = documents.stream().filter(d -> matches(body.get("query"), d))
                .sorted(Comparator.comparingLong(Stored::millis).thenComparingLong(Stored::number)).toList();
        JsonNode after = body.get("search_after");
        List<Stored> page = found.stream().filter(d -> !body.has("post_filter") || matches(body.get("post_filter"), d))
                .filter(d -> after == null || d.millis > after.get(0).asLong()
                        || d.millis == after.get(0).asLong() && d.number > after.get(1).asLong()).limit(body.get("size").asInt()).toList();
        fetched += page.size();
        ArrayNode last = page.isEmpty() ? null
                : JSON.createArrayNode().add(page.get(page.size() - 1).millis).add(page.get(page.size() - 1).number);
        return new Answer(page.stream().map(d -> fetched(d, body.get("_source"))).toList(), last, found.size(),
                aggregations(body.path("aggs"), found));
    }

    private static Hit fetched(Stored document, JsonNode fields) {
        if (fields == null) {
            return document.hit;
        }
        Map<String, Object> some = new LinkedHashMap<>(document.hit.source());
        some.keySet().removeIf(name -> !fields.toString().contains('"' + name + '"'));
        return new Hit(document.hit.index(), document.hit.id(), some);
    }

    private static ObjectNode aggregations(JsonNode asked, List<Stored> found) {
        ObjectNode aggregations = JSON.createObjectNode();
        asked.properties().forEach(e -> {
            if (e.getValue().has("filter")) {
                aggregations.putObject(e.getKey()).put("doc_count", found.stream().filter(d -> matches(e.getValue().get("filter"), d)).count());
            } else {
                ArrayNode buckets = aggregations.putObject(e.getKey()).putArray("buckets");
                e.getValue().at("/filters/filters").forEach(f -> buckets.addObject()
                        .put("doc_count", found.stream().filter(d -> matches(f, d)).count()));
            }
        });
        return aggregations;
    }

    private static boolean matches(JsonNode query, Stored document) {
        if (query.has("ids")) {
            return query.at("/ids/values").toString().contains('"' + document.hit.id() + '"');
        }
        JsonNode range = query.has("range") ? query.at("/range/@timestamp")
                : query.at("/bool/filter/bool/must/0/range/@timestamp");
        return document.millis > Instant.parse(range.get("gt").asText()).toEpochMilli()
                && document.millis <= Instant.parse(range.get("lte").asText()).toEpochMilli();
    }
}
