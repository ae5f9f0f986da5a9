package serai.watch.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.QueryLanguage;

/** A query that waits for its answer, in the text that will be sent. */
final class PendingQuery {

    private static final ObjectMapper JSON = new ObjectMapper();

    final ElasticsearchQuery request;
    final CompletableFuture<ElasticsearchResponse> answer = new CompletableFuture<>();
    /** A query in the query DSL as the two lines of a multi-search; in another language its body. */
    final String text;

    /** By {@link System#nanoTime()}. */
    final long askedAt = System.nanoTime();

    /** Its level of {@link BatchIsolation}. */
    int isolation;

    /** @param timeoutMillis how long the server may work on a query that sets no time-out */
    PendingQuery(ElasticsearchQuery request, long timeoutMillis, int isolation) {
        this.request = request;
        this.isolation = request.language() == QueryLanguage.QUERY_DSL ? isolation : BatchIsolation.ALONE;
        this.text = text(request, timeoutMillis);
    }

    private static String text(ElasticsearchQuery request, long timeoutMillis) {
        ObjectNode body = JSON.createObjectNode();
        body.setAll(request.body());
        try {
            if (request.language() != QueryLanguage.QUERY_DSL) {
                return JSON.writeValueAsString(body);
            }
            if (!body.has("timeout")) {
                // one that takes too long must not cost the others of its request their answers
                body.put("timeout", timeoutMillis + "ms");
            }
            Map<String, Object> header =
                    Map.of("index", request.indices(), "ignore_unavailable", true, "allow_no_indices", true);
            return JSON.writeValueAsString(header) + "\n" + JSON.writeValueAsString(body) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the query cannot be written as JSON", e);
        }
    }

    String rule() {
        return request.rule().name();
    }

    List<String> indices() {
        return request.indices();
    }
}
