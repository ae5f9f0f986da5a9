package serai.watch.search;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.apache.camel.ProducerTemplate;

import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.ErrorCause;
import co.elastic.clients.elasticsearch._types.FieldValue;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch.core.MsearchRequest;
import co.elastic.clients.elasticsearch.core.msearch.MultiSearchItem;
import co.elastic.clients.elasticsearch.core.msearch.MultiSearchResponseItem;
import co.elastic.clients.json.JsonData;
import co.elastic.clients.json.JsonpSerializable;
import co.elastic.clients.json.JsonpUtils;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Searches through the one route that all rules share, {@code direct:watch-search}. It asks by MultiSearch: camel-elasticsearch's Search
 * drops size, sort and aggregations.
 */
public final class SharedSearch implements Search {

    private static final String ROUTE = "direct:watch-search";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() { };

    private final ProducerTemplate template;

    public SharedSearch(ProducerTemplate template) {
        this.template = template;
    }

    @Override
    public CompletableFuture<Answer> ask(Request request) {
        try {
            return CompletableFuture.completedFuture(page(request.indices(), request.body()));
        } catch (FailedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Answer page(List<String> indices, ObjectNode body) throws FailedException {
        MsearchRequest.Builder request = new MsearchRequest.Builder().searches(s -> s
                .header(h -> h.index(indices).ignoreUnavailable(true).allowNoIndices(true))
                .body(b -> b.withJson(new StringReader(body.toString()))));
        Object answer;
        try {
            answer = template.requestBody(ROUTE, request);
        } catch (RuntimeException e) {
            throw new FailedException(reason(e), e);
        }
        if (answer instanceof Throwable failure) {
            throw new FailedException(reason(failure), failure);
        }
        if (answer instanceof List<?> list && list.size() == 1 && list.get(0) instanceof MultiSearchResponseItem<?> item) {
            if (item.isFailure()) {
                throw new FailedException("Elasticsearch refused the query: " + reason(item.failure().error()), null);
            }
            return page(item.result());
        }
        throw new FailedException("The route watch-search gave no answer; is it stopped?", null);
    }

    private static String reason(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof ElasticsearchException refused) {
                return "Elasticsearch answered " + refused.status() + ": " + reason(refused.error());
            }
            if (e.getCause() == null) {
                String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                return "Elasticsearch does not answer (watch.elasticsearch): " + message;
            }
        }
        return "Elasticsearch does not answer";
    }

    /** What is wrong stands in the innermost cause. */
    private static String reason(ErrorCause error) {
        ErrorCause cause = error;
        while (cause.causedBy() != null) {
            cause = cause.causedBy();
        }
        return cause == error ? error.reason() : error.reason() + ": " + cause.reason();
    }

    private static Answer page(MultiSearchItem<?> result) throws FailedException {
        if (result.timedOut() || result.shards().failed().intValue() > 0) {
            String reason = result.shards().failures().stream().findFirst().map(f -> f.reason().reason()).orElse("it timed out");
            throw new FailedException("Elasticsearch answered only in part: " + reason, null);
        }
        List<Hit> hits = new ArrayList<>();
        JsonNode last = null;
        for (var hit : result.hits().hits()) {
            hits.add(new Hit(hit.index(), hit.id(), fields(hit.source(), hit.fields())));
            last = sort(hit.sort());
        }
        long total = result.hits().total() == null ? 0 : result.hits().total().value();
        return new Answer(hits, last, total, aggregations(result.aggregations()));
    }

    /** The source, and fields asked for beside it where the source has none; a list of one is its element. */
    private static Map<String, Object> fields(Object source, Map<String, JsonData> fields) {
        Map<String, Object> all = source == null ? new LinkedHashMap<>() : JSON.convertValue(source, FIELDS);
        fields.forEach((name, value) -> {
            Object plain = value.to(Object.class);
            all.putIfAbsent(name, plain instanceof List<?> list && list.size() == 1 ? list.get(0) : plain);
        });
        return all;
    }

    private static ArrayNode sort(List<FieldValue> values) {
        ArrayNode sort = JSON.createArrayNode();
        for (FieldValue value : values) {
            if (value.isLong()) {
                sort.add(value.longValue());
            } else if (value.isDouble()) {
                sort.add(value.doubleValue());
            } else {
                sort.add(value._toJsonString());
            }
        }
        return sort;
    }

    private static ObjectNode aggregations(Map<String, Aggregate> results) throws FailedException {
        ObjectNode aggregations = JSON.createObjectNode();
        try {
            for (Map.Entry<String, Aggregate> result : results.entrySet()) {
                String json = JsonpUtils.toJsonString(result.getValue()._get() instanceof JsonpSerializable value ? value : null, new JacksonJsonpMapper());
                aggregations.set(result.getKey(), JSON.readTree(json));
            }
        } catch (IOException e) {
            throw new FailedException("Elasticsearch's answer cannot be read", e);
        }
        return aggregations;
    }
}
