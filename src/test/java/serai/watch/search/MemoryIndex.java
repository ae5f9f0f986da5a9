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
        JsonNode range = body.at("/query/bool/filter/bool/must/0/range/@timestamp");
        long gt = Instant.parse(range.get("gt").asText()).toEpochMilli();
        long lte = Instant.parse(range.get("lte").asText()).toEpochMilli();
        List<Stored> found = documents.stream().filter(d -> d.millis > gt && d.millis <= lte)
                .sorted(Comparator.comparingLong(Stored::millis).thenComparingLong(Stored::number)).toList();
        JsonNode after = body.get("search_after");
        List<Stored> page = found.stream().filter(d -> after == null || d.millis > after.get(0).asLong()
                || d.millis == after.get(0).asLong() && d.number > after.get(1).asLong()).limit(body.get("size").asInt()).toList();
        ArrayNode last = page.isEmpty() ? null
                : JSON.createArrayNode().add(page.get(page.size() - 1).millis).add(page.get(page.size() - 1).number);
        return new Answer(page.stream().map(Stored::hit).toList(), last, found.size(), JSON.createObjectNode());
    }
}
