package serai.watch.search;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import serai.elasticsearch.JsonReply;

/** Reads the answers of a multi-search from the stream: those that were complete count when the rest is cut off. */
final class MultiSearchReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** More buckets than {@code search.max_buckets}, or than the server has memory for. */
    private static final Set<String> TOO_LARGE = Set.of("too_many_buckets_exception", "circuit_breaking_exception");

    private MultiSearchReader() {}

    /** @param results gets the answers; contains those that were read when this fails */
    static void read(InputStream in, List<QueryResult> results) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the reply is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("responses") && parser.currentToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        results.add(result(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
            JsonReply.readToEnd(in);
        }
    }

    private static QueryResult result(JsonParser parser) throws IOException {
        int status = 200;
        JsonNode error = null;
        boolean timedOut = false;
        JsonNode shards = JSON.createObjectNode();
        JsonNode clusters = JSON.createObjectNode();
        HitsReader hits = new HitsReader();
        ObjectNode aggregations = JSON.createObjectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "status" -> status = parser.getIntValue();
                case "timed_out" -> timedOut = parser.getBooleanValue();
                case "error" -> error = JSON.readTree(parser);
                case "_shards" -> shards = JSON.readTree(parser);
                case "_clusters" -> clusters = JSON.readTree(parser);
                case "hits" -> hits.read(parser);
                case "aggregations" -> aggregations = JSON.readTree(parser);
                default -> parser.skipChildren();
            }
        }
        if (error != null || status >= 300) {
            return error == null
                    ? QueryResult.refused("it answered " + status)
                    : QueryResult.refused(JsonReply.reason(error), isTooLarge(error));
        }
        String missing = missing(timedOut, shards, clusters);
        if (missing != null) {
            return QueryResult.refused(missing, isTooLarge(shards));
        }
        boolean noIndex = shards.has("total") && shards.get("total").asInt() == 0;
        return new QueryResult(hits.answer(aggregations), null, false, noIndex);
    }

    private static boolean isTooLarge(JsonNode error) {
        return error.findValuesAsText("type").stream().anyMatch(TOO_LARGE::contains);
    }

    /** What an answer lacks, which makes it useless: a rule would miss it. Null when it is complete. */
    private static String missing(boolean timedOut, JsonNode shards, JsonNode clusters) {
        if (shards.path("failed").asInt() > 0) {
            JsonNode failure = shards.path("failures").path(0).path("reason");
            return "the answer is partial: " + shards.get("failed").asInt() + " of "
                    + shards.path("total").asInt() + " shards failed"
                    + (failure.isMissingNode() ? "" : ": " + JsonReply.reason(failure));
        }
        if (clusters.path("skipped").asInt() > 0) {
            return "the answer is partial: " + clusters.get("skipped").asInt() + " of "
                    + clusters.path("total").asInt() + " clusters were left out (skip_unavailable)";
        }
        return timedOut ? "it did not finish the search in time" : null;
    }
}
