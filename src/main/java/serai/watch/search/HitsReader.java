package serai.watch.search;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.Search;

/** Reads the hits of one search from the stream. */
final class HitsReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    private final List<Search.Hit> hits = new ArrayList<>();
    private JsonNode last;
    private long total;

    void read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("hits") && parser.currentToken() == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    hits.add(hit(parser));
                }
            } else if (field.equals("total")) {
                JsonNode count = JSON.readTree(parser);
                total = count.isObject() ? count.path("value").asLong() : count.asLong();
            } else {
                parser.skipChildren();
            }
        }
    }

    private Search.Hit hit(JsonParser parser) throws IOException {
        String index = null;
        String id = null;
        Map<String, Object> source = new LinkedHashMap<>();
        Map<String, Object> fields = Map.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "_index" -> index = parser.getText();
                case "_id" -> id = parser.getText();
                case "_source" -> source = JSON.readValue(parser, FIELDS);
                case "fields" -> fields = JSON.readValue(parser, FIELDS);
                case "sort" -> last = JSON.readTree(parser);
                default -> parser.skipChildren();
            }
        }
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            source.putIfAbsent(
                    field.getKey(),
                    field.getValue() instanceof List<?> list && list.size() == 1 ? list.get(0) : field.getValue());
        }
        return new Search.Hit(index, id, source);
    }

    ElasticsearchResponse answer(ObjectNode aggregations) {
        return new ElasticsearchResponse(hits, last, total, aggregations);
    }
}
