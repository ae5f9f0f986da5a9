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

/** A question that waits for its answer, written out as it will be sent. */
final class PendingQuery {

    private static final ObjectMapper JSON = new ObjectMapper();

    final ElasticsearchQuery request;
    final CompletableFuture<ElasticsearchResponse> answer = new CompletableFuture<>();
    /** Header and body of the question, each a line. */
    final String lines;

    final long askedAt;
    /** How many questions it may be asked together with: an index into {@link RequestQueue#TOGETHER}. */
    int company;

    PendingQuery(ElasticsearchQuery request, long timeoutMillis, int company) {
        this.request = request;
        this.askedAt = System.nanoTime();
        this.company = request.language() == QueryLanguage.QUERY_DSL ? company : RequestQueue.ALONE;
        this.lines = lines(request, timeoutMillis);
    }

    private static String lines(ElasticsearchQuery request, long timeoutMillis) {
        ObjectNode body = JSON.createObjectNode();
        body.setAll(request.body());
        try {
            if (request.language() != QueryLanguage.QUERY_DSL) {
                return JSON.writeValueAsString(body);
            }
            if (!body.has("timeout")) {
                // one that takes too long must not take the answers of others with it
                body.put("timeout", timeoutMillis + "ms");
            }
            Map<String, Object> header =
                    Map.of("index", request.indices(), "ignore_unavailable", true, "allow_no_indices", true);
            return JSON.writeValueAsString(header) + "\n" + JSON.writeValueAsString(body) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a body that cannot be written", e);
        }
    }

    String rule() {
        return request.rule().name();
    }

    List<String> indices() {
        return request.indices();
    }
}
