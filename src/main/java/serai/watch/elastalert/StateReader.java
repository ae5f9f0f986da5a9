package serai.watch.elastalert;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.elasticsearch.ElasticsearchException;
import serai.elasticsearch.ElasticsearchException.Fault;
import serai.elasticsearch.JsonReply;
import serai.watch.query.Search;

/** Reads documents of ElastAlert's indices. A missing index has none; a partial answer is a failure. */
final class StateReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};
    private static final int PAGE = 5_000;
    private static final int MAX_DOCUMENTS = 200_000;
    private static final int QUERIES_AT_ONCE = 200;
    private static final String FILTER_PATH =
            "filter_path=error,responses.status,responses.error,responses.hits.hits._index,responses.hits.hits._id,"
                    + "responses.hits.hits._source";

    private final StateServer server;

    StateReader(StateServer server) {
        this.server = server;
    }

    /** The first document that each query finds, in the order of the queries; null where there is none. */
    List<Search.Hit> firsts(String index, List<ObjectNode> queries) throws ElasticsearchException {
        List<Search.Hit> firsts = new ArrayList<>();
        for (int from = 0; from < queries.size(); from += QUERIES_AT_ONCE) {
            for (List<Search.Hit> hits :
                    search(index, queries.subList(from, Math.min(queries.size(), from + QUERIES_AT_ONCE)))) {
                firsts.add(hits.isEmpty() ? null : hits.get(0));
            }
        }
        return firsts;
    }

    /**
     * All documents that filters find, oldest first.
     *
     * @param time the field of the documents' times
     * @throws ElasticsearchException also when there are more documents than ElastAlert can have left
     */
    List<Search.Hit> all(String index, List<Map<String, Object>> filters, String time) throws ElasticsearchException {
        Map<String, Search.Hit> found = new LinkedHashMap<>();
        Object from = null;
        while (true) {
            List<Object> conditions = new ArrayList<>(filters);
            if (from != null) {
                conditions.add(Map.of("range", Map.of(time, Map.of("gte", from))));
            }
            // pages overlap by one instant: these documents have no other field to sort by
            ObjectNode query = JSON.valueToTree(Map.of(
                    "size",
                    PAGE,
                    "query",
                    Map.of("bool", Map.of("filter", conditions)),
                    "sort",
                    List.of(Map.of(time, Map.of("order", "asc", "unmapped_type", "date")))));
            List<Search.Hit> page = search(index, List.of(query)).get(0);
            int before = found.size();
            page.forEach(hit -> found.put(hit.id(), hit));
            if (page.size() < PAGE) {
                return List.copyOf(found.values());
            }
            if (found.size() == before || found.size() > MAX_DOCUMENTS) {
                throw new ElasticsearchException(
                        Fault.TOO_LARGE, "The index " + index + " has more open documents than can be imported", null);
            }
            from = page.get(page.size() - 1).source().get(time);
        }
    }

    private List<List<Search.Hit>> search(String index, List<ObjectNode> queries) throws ElasticsearchException {
        String header = JSON.valueToTree(Map.of(
                        "index",
                        index,
                        "ignore_unavailable",
                        true,
                        "allow_no_indices",
                        true,
                        "allow_partial_search_results",
                        false))
                .toString();
        StringBuilder lines = new StringBuilder();
        queries.forEach(query -> lines.append(header).append('\n').append(query).append('\n'));
        JsonNode responses =
                server.send("POST", "/_msearch", FILTER_PATH, lines.toString()).path("responses");
        List<List<Search.Hit>> answers = new ArrayList<>();
        for (JsonNode response : responses) {
            if (response.has("error")) {
                throw new ElasticsearchException(Fault.REFUSED, JsonReply.reason(response.get("error")), null);
            }
            answers.add(hits(response));
        }
        if (answers.size() != queries.size()) {
            throw new ElasticsearchException(Fault.UNREADABLE, "the reply does not answer each query", null);
        }
        return answers;
    }

    private static List<Search.Hit> hits(JsonNode response) {
        List<Search.Hit> hits = new ArrayList<>();
        for (JsonNode hit : response.at("/hits/hits")) {
            Map<String, Object> source = JSON.convertValue(hit.path("_source"), FIELDS);
            hits.add(new Search.Hit(hit.path("_index").asText(), hit.path("_id").asText(), source));
        }
        return hits;
    }
}
