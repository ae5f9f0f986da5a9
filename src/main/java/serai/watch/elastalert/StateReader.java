package serai.watch.elastalert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.QueryLanguage;
import serai.watch.query.Search;
import serai.watch.query.SearchServers;
import serai.watch.rule.Rule;

/** Reads documents of ElastAlert's indices. */
final class StateReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 5_000;
    private static final int MAX_DOCUMENTS = 200_000;
    private static final int QUERIES_AT_ONCE = 200;
    private static final long TIMEOUT_MINUTES = 2;

    private final SearchServers search;
    private final Rule rule;

    /** @param rule a rule without options of its own: its server holds the indices */
    StateReader(SearchServers search, Rule rule) {
        this.search = search;
        this.rule = rule;
    }

    /** The first document that each query finds, in the order of the queries; null where there is none. */
    List<Search.Hit> firsts(String index, List<ObjectNode> bodies) throws Search.FailedException {
        List<Search.Hit> firsts = new ArrayList<>();
        for (int from = 0; from < bodies.size(); from += QUERIES_AT_ONCE) {
            List<CompletableFuture<ElasticsearchResponse>> answers =
                    bodies.subList(from, Math.min(bodies.size(), from + QUERIES_AT_ONCE)).stream()
                            .map(body -> search.search(request(index, body)))
                            .toList();
            for (CompletableFuture<ElasticsearchResponse> answer : answers) {
                List<Search.Hit> hits = await(answer).hits();
                firsts.add(hits.isEmpty() ? null : hits.get(0));
            }
        }
        return firsts;
    }

    /**
     * All documents that filters find, oldest first.
     *
     * @param time the field of the documents' times
     * @throws Search.FailedException also when there are more documents than ElastAlert can have left
     */
    List<Search.Hit> all(String index, List<Map<String, Object>> filters, String time) throws Search.FailedException {
        Map<String, Search.Hit> found = new LinkedHashMap<>();
        Object from = null;
        while (true) {
            List<Object> conditions = new ArrayList<>(filters);
            if (from != null) {
                conditions.add(Map.of("range", Map.of(time, Map.of("gte", from))));
            }
            // pages overlap by one instant, since these documents have no second field to sort by
            ObjectNode body = JSON.valueToTree(Map.of(
                    "size",
                    PAGE,
                    "query",
                    Map.of("bool", Map.of("filter", conditions)),
                    "sort",
                    List.of(Map.of(time, Map.of("order", "asc", "unmapped_type", "date")))));
            List<Search.Hit> page = await(search.search(request(index, body))).hits();
            int before = found.size();
            page.forEach(hit -> found.put(hit.id(), hit));
            if (page.size() < PAGE) {
                return List.copyOf(found.values());
            }
            if (found.size() == before || found.size() > MAX_DOCUMENTS) {
                throw new Search.FailedException(
                        "The index " + index + " holds more open documents than can be imported", null);
            }
            from = page.get(page.size() - 1).source().get(time);
        }
    }

    private ElasticsearchQuery request(String index, ObjectNode body) {
        return new ElasticsearchQuery(rule, QueryLanguage.QUERY_DSL, List.of(index), body);
    }

    private static ElasticsearchResponse await(CompletableFuture<ElasticsearchResponse> answer)
            throws Search.FailedException {
        try {
            return answer.get(TIMEOUT_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Search.FailedException("interrupted", e);
        } catch (TimeoutException e) {
            throw new Search.FailedException("there was no answer within " + TIMEOUT_MINUTES + " minutes", e);
        } catch (ExecutionException | CompletionException e) {
            throw e.getCause() instanceof Search.FailedException failed
                    ? failed
                    : new Search.FailedException(e.getMessage(), e);
        }
    }
}
