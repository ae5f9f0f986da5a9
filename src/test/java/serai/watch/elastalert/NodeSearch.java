package serai.watch.elastalert;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import serai.demo.ElasticsearchNode;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.SearchServers;

/** A search on a real node, one request at a time. */
record NodeSearch(ElasticsearchNode node) implements SearchServers {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    @Override
    public CompletableFuture<ElasticsearchResponse> search(ElasticsearchQuery query) {
        try {
            JsonNode answer = node.send(
                    "POST",
                    "/" + String.join(",", query.indices()) + "/_search?ignore_unavailable=true",
                    query.body().toString());
            List<Hit> hits = new ArrayList<>();
            for (JsonNode hit : answer.at("/hits/hits")) {
                hits.add(new Hit(
                        hit.get("_index").asText(),
                        hit.get("_id").asText(),
                        JSON.convertValue(hit.get("_source"), FIELDS)));
            }
            return CompletableFuture.completedFuture(
                    new ElasticsearchResponse(hits, null, hits.size(), JSON.createObjectNode()));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(new FailedException(e.getMessage(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return CompletableFuture.failedFuture(e);
        }
    }
}
