package serai.watch.kibana;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.python.PythonJson;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/** The filters that Discover shows above its list: one with those of the rule, and one for each query key. */
final class DiscoverFilters {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DiscoverLink app;
    private final Rule rule;
    private final String index;

    DiscoverFilters(DiscoverLink app, Rule rule, String index) {
        this.app = app;
        this.rule = rule;
        this.index = index;
    }

    List<Object> of(Map<String, Object> match) {
        List<Object> filters = new ArrayList<>();
        List<Object> own = ofRule();
        if (!own.isEmpty()) {
            filters.add(rules(own));
        }
        for (String key : keys()) {
            Object value = value(match, key);
            filters.add(value == null ? missing(key) : phrase(key, value));
        }
        return filters;
    }

    /** The filters of the rule's query, without its time. */
    private List<Object> ofRule() {
        List<Object> filters = new ArrayList<>();
        for (JsonNode filter : ElasticsearchQuery.filters(rule)) {
            filters.add(JSON.convertValue(filter, new TypeReference<LinkedHashMap<String, Object>>() {}));
        }
        return filters;
    }

    private List<String> keys() {
        if (rule.queryKey() == null) {
            return List.of();
        }
        return rule.compoundKeys().stream()
                .filter(parts -> String.join(",", parts).equals(rule.queryKey()))
                .findFirst()
                .orElse(List.of(rule.queryKey()));
    }

    /** For Kibana: null for an empty value, and the element of a list of one. OpenSearch gets the value unchanged. */
    private Object value(Map<String, Object> match, String key) {
        Object value = Document.lookup(match, key);
        if (app == DiscoverLink.OPENSEARCH) {
            return value;
        }
        if (value instanceof List<?> list) {
            List<?> full = list.stream()
                    .filter(element -> element != null && !"".equals(element))
                    .toList();
            return full.isEmpty() ? null : full.size() == 1 ? full.get(0) : full;
        }
        return "".equals(value) ? null : value;
    }

    private Map<String, Object> rules(List<Object> filters) {
        Map<String, Object> must = Map.of("must", filters);
        Map<String, Object> filter = new HashMap<>(Map.of("$state", Map.of("store", "appState")));
        Map<String, Object> bool = app == DiscoverLink.KIBANA ? must : Map.of("bool", must);
        filter.put(app == DiscoverLink.KIBANA ? "bool" : "query", bool);
        Map<String, Object> meta =
                meta(app == DiscoverLink.KIBANA ? "bool" : "query", false, "custom", PythonJson.COMPACT.text(bool));
        meta.put("alias", "filter");
        filter.put("meta", meta);
        return filter;
    }

    private Map<String, Object> missing(String key) {
        Map<String, Object> meta = meta(key, true, "exists", "exists");
        if (app == DiscoverLink.OPENSEARCH) {
            meta.put("view", "discover");
        }
        return Map.of("$state", Map.of("store", "appState"), "exists", Map.of("field", key), "meta", meta);
    }

    private Map<String, Object> phrase(String key, Object value) {
        Map<String, Object> phrase = Map.of("query", value, "type", "phrase");
        Map<String, Object> meta = meta(key, false, "phrase", Python.str(value));
        meta.put("params", phrase);
        return Map.of(
                "$state", Map.of("store", "appState"), "meta", meta, "query", Map.of("match", Map.of(key, phrase)));
    }

    private Map<String, Object> meta(String key, boolean negate, String type, String value) {
        Map<String, Object> meta = new HashMap<>();
        meta.put("alias", null);
        meta.put("disabled", false);
        meta.put("index", index);
        meta.put("key", key);
        meta.put("negate", negate);
        meta.put("type", type);
        meta.put("value", value);
        return meta;
    }
}
