package serai.watch.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Groups of rows put back into buckets within buckets, in Elasticsearch's order and number. */
final class SqlBucket {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One level of buckets.
     *
     * @param key the key, as SQL that gives jsonb
     * @param size how many buckets at most, the fullest first
     * @param least rows that a bucket has at least
     * @param inTime whether its keys are times: all buckets, in the order of time
     */
    record Level(String name, String key, int size, long least, boolean inTime) {}

    private final Map<String, SqlBucket> inner = new LinkedHashMap<>();
    private final ObjectNode measures = JsonNodeFactory.instance.objectNode();
    private long rows;

    void count(long more) {
        rows += more;
    }

    long rows() {
        return rows;
    }

    ObjectNode measures() {
        return measures;
    }

    /** The bucket of a key within this one. */
    SqlBucket within(String key, long more) {
        SqlBucket bucket = inner.computeIfAbsent(key, k -> new SqlBucket());
        bucket.count(more);
        return bucket;
    }

    ObjectNode answer(List<Level> levels) throws JsonProcessingException {
        if (levels.isEmpty()) {
            return measures;
        }
        Level level = levels.get(0);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode buckets = answer.putObject(level.name).putArray("buckets");
        List<Map.Entry<JsonNode, SqlBucket>> found = new ArrayList<>();
        for (Map.Entry<String, SqlBucket> entry : inner.entrySet()) {
            if (entry.getValue().rows >= level.least) {
                found.add(Map.entry(JSON.readTree(entry.getKey()), entry.getValue()));
            }
        }
        found.sort(level.inTime ? Comparator.comparingLong(e -> e.getKey().asLong()) : fullestFirst());
        for (Map.Entry<JsonNode, SqlBucket> entry : found.subList(0, Math.min(level.size, found.size()))) {
            ObjectNode bucket = buckets.addObject();
            bucket.set("key", entry.getKey());
            bucket.put("doc_count", entry.getValue().rows);
            bucket.setAll(entry.getValue().answer(levels.subList(1, levels.size())));
        }
        return answer;
    }

    private static Comparator<Map.Entry<JsonNode, SqlBucket>> fullestFirst() {
        return Comparator.<Map.Entry<JsonNode, SqlBucket>>comparingLong(e -> -e.getValue().rows)
                .thenComparing(e -> e.getKey().asText());
    }
}
