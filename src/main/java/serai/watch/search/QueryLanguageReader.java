package serai.watch.search;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import serai.elasticsearch.JsonReply;
import serai.watch.python.Python;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.Search;

/**
 * Reads the replies to queries in EQL and ES|QL as if a search had found documents (docs/reference/elastalert.md,
 * "Queries").
 */
final class QueryLanguageReader {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    private QueryLanguageReader() {}

    /** Reads a reply of EQL: each event is a document, also one of a sequence. */
    static QueryResult eql(InputStream in) throws IOException {
        JsonNode answer = JsonReply.read(in);
        if (answer.path("timed_out").asBoolean()
                || answer.path("is_partial").asBoolean()
                || answer.path("is_running").asBoolean()
                || answer.path("shard_failures").size() > 0) {
            JsonNode failure = answer.at("/shard_failures/0/reason");
            return QueryResult.refused(
                    "the answer is partial" + (failure.isMissingNode() ? "" : ": " + JsonReply.reason(failure)));
        }
        List<JsonNode> events = new ArrayList<>();
        answer.at("/hits/events").forEach(events::add);
        answer.at("/hits/sequences").forEach(sequence -> sequence.path("events").forEach(events::add));
        List<Search.Hit> hits = new ArrayList<>();
        for (JsonNode event : events) {
            if (!event.path("missing").asBoolean()) {
                hits.add(new Search.Hit(
                        event.path("_index").asText(),
                        event.path("_id").asText(),
                        JSON.convertValue(
                                event.path("_source").isObject() ? event.get("_source") : JSON.createObjectNode(),
                                FIELDS)));
            }
        }
        long total = Math.max(hits.size(), answer.at("/hits/total/value").asLong());
        return QueryResult.of(new ElasticsearchResponse(hits, null, total, JSON.createObjectNode()));
    }

    /**
     * Reads a reply of ES|QL: each row is a document. Without {@code METADATA _id} its id is the hash of its content.
     */
    static QueryResult esql(InputStream in, List<String> indices) throws IOException {
        JsonNode answer = JsonReply.read(in);
        if (answer.path("is_partial").asBoolean()) {
            return QueryResult.refused("the answer is partial");
        }
        List<Search.Hit> hits = new ArrayList<>();
        for (JsonNode row : answer.path("values")) {
            Map<String, Object> source = new LinkedHashMap<>();
            for (int i = 0; i < row.size(); i++) {
                source.put(
                        answer.path("columns").path(i).path("name").asText(),
                        JSON.convertValue(row.get(i), Object.class));
            }
            Object id = source.get("_id");
            hits.add(new Search.Hit(
                    String.valueOf(source.getOrDefault("_index", String.join(",", indices))),
                    Python.truthy(id) ? String.valueOf(id) : hash(source),
                    source));
        }
        return QueryResult.of(new ElasticsearchResponse(hits, null, hits.size(), JSON.createObjectNode()));
    }

    private static String hash(Map<String, Object> row) throws IOException {
        return DigestUtils.sha256Hex(JSON.writeValueAsString(row));
    }
}
