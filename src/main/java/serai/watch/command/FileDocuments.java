package serai.watch.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * Documents from a file, a JSON list, as if an index held only them and all passed the rule's filters. They are
 * sources, or hits as Elasticsearch gives them with {@code _id}, {@code _index} and {@code _source}.
 */
final class FileDocuments implements Search {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};
    private static final long LONGEST = 256L << 20;

    private record Timed(Instant time, Hit hit) {}

    private final TimedDocuments documents;
    private final Instant first;
    private final Instant last;

    private FileDocuments(List<Timed> sorted, Rule rule) {
        this.documents = new TimedDocuments(rule);
        sorted.forEach(document -> documents.add(document.time, document.hit));
        this.first = sorted.isEmpty() ? Instant.now() : sorted.get(0).time;
        this.last = sorted.isEmpty() ? Instant.now() : sorted.get(sorted.size() - 1).time;
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
        return new FileDocuments(documents, rule);
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
        return last;
    }

    /** The time of the oldest document; now when there is none. */
    Instant first() {
        return first;
    }

    @Override
    public CompletableFuture<Answer> ask(Query query) {
        if (query instanceof Query.Documents page) {
            return CompletableFuture.completedFuture(documents.page(page));
        }
        if (query instanceof Query.Counts counts) {
            return CompletableFuture.completedFuture(documents.counts(counts));
        }
        if (query instanceof Query.FieldValues) {
            // all values are new: there is no time before the file
            return CompletableFuture.completedFuture(Answer.values(List.of(), null));
        }
        return CompletableFuture.failedFuture(new FailedException(
                "A rule of the type " + query.rule().type() + " needs a server that aggregates; leave out --data.",
                null));
    }
}
