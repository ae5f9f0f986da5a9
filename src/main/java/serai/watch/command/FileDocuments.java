package serai.watch.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.python.EqualityKey;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * Documents from a file, a JSON list, as if they were all that an index holds and all passed the rule's filters. They
 * are sources, or hits as Elasticsearch gives them with {@code _id}, {@code _index} and {@code _source}.
 */
final class FileDocuments implements Search {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};
    private static final long LONGEST = 256L << 20;

    private record Timed(Instant time, Hit hit) {}

    private final List<Timed> documents;

    private FileDocuments(List<Timed> documents) {
        this.documents = documents;
    }

    /** @throws IllegalArgumentException when the file is no list of documents with times */
    static FileDocuments read(Path file, Rule rule) throws IOException {
        if (Files.size(file) > LONGEST) {
            throw new IllegalArgumentException("the file is longer than 256 MB");
        }
        JsonNode list;
        try {
            list = JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "this is not JSON, at line " + e.getLocation().getLineNr(), e);
        }
        if (list == null || !list.isArray()) {
            throw new IllegalArgumentException("the file must hold a JSON list of documents: [{...}, {...}]");
        }
        List<Timed> documents = new ArrayList<>();
        for (JsonNode one : list) {
            documents.add(document(one, documents.size() + 1, rule));
        }
        documents.sort(Comparator.comparing(Timed::time));
        return new FileDocuments(documents);
    }

    private static Timed document(JsonNode one, int number, Rule rule) {
        if (!one.isObject()) {
            throw new IllegalArgumentException("document " + number + " is no object");
        }
        boolean hit = one.path("_source").isObject();
        Map<String, Object> source = JSON.convertValue(hit ? one.get("_source") : one, FIELDS);
        try {
            Object value = Document.lookup(source, rule.timestampField());
            Instant time = rule.readTime(value == null ? "" : value);
            String index = one.path("_index").asText("given");
            return new Timed(time, new Hit(index, one.path("_id").asText(String.valueOf(number)), source));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "document " + number + " has no time in '" + rule.timestampField() + "' (timestamp_field)", e);
        }
    }

    /** The time of the newest document; now when there is none. */
    Instant last() {
        return documents.isEmpty()
                ? Instant.now()
                : documents.get(documents.size() - 1).time();
    }

    /** The time of the oldest document; now when there is none. */
    Instant first() {
        return documents.isEmpty() ? Instant.now() : documents.get(0).time();
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        if (request.rule().mode() == Rule.Mode.AGGREGATION || request.from() == null) {
            return CompletableFuture.failedFuture(new FailedException(
                    "A rule of the type " + request.rule().type()
                            + " needs a server that aggregates; leave out --data.",
                    null));
        }
        List<Hit> hits = documents.stream()
                .filter(d -> d.time().isAfter(request.from()) && !d.time().isAfter(request.to()))
                .map(Timed::hit)
                .toList();
        ObjectNode aggregations = JSON.createObjectNode();
        if (request.rule().mode() == Rule.Mode.TERMS) {
            aggregations.putObject("counts").set("buckets", buckets(hits, request.rule()));
        }
        boolean documentsWanted = request.rule().mode() == Rule.Mode.DOCUMENTS;
        return CompletableFuture.completedFuture(
                new Answer(documentsWanted ? hits : List.of(), null, hits.size(), aggregations));
    }

    private static ArrayNode buckets(List<Hit> hits, Rule rule) {
        Map<String, ObjectNode> buckets = new LinkedHashMap<>();
        for (Hit hit : hits) {
            Object value = Document.lookup(hit.source(), rule.queryKey());
            if (value != null) {
                ObjectNode bucket = buckets.computeIfAbsent(
                        EqualityKey.of(value),
                        key -> JSON.createObjectNode().put("doc_count", 0).set("key", JSON.valueToTree(value)));
                bucket.put("doc_count", bucket.get("doc_count").asLong() + 1);
            }
        }
        return JSON.createArrayNode()
                .addAll(buckets.values().stream()
                        .sorted(Comparator.comparingLong(
                                bucket -> -bucket.get("doc_count").asLong()))
                        .toList());
    }
}
