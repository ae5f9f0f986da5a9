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

/**
 * Reads answers from the stream, one after the other: an answer that was read stands, also when the rest is cut off.
 */
final class ResponseReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of more buckets than {@code search.max_buckets}, or than the server has memory for. */
    private static final Set<String> TOO_LARGE = Set.of("too_many_buckets_exception", "circuit_breaking_exception");

    private ResponseReader() {}

    /** Reads the answers of a MultiSearch into a list, which holds those that came when the stream fails. */
    static void multi(InputStream in, List<QueryResult> items) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            requireObject(parser);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("responses") && parser.currentToken() == JsonToken.START_ARRAY) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        items.add(search(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
            toTheEnd(in);
        }
    }

    /** Without its end read, a connection cannot be used again. */
    private static void toTheEnd(InputStream in) throws IOException {
        byte[] rest = new byte[4096];
        for (int i = 0; i < 16 && in.read(rest) >= 0; i++) {
            // a line's end, at most
        }
    }

    private static void requireObject(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("the answer is not a JSON object");
        }
    }

    /** A whole answer of one object. */
    static JsonNode tree(InputStream in) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            JsonNode answer = JSON.readTree(parser);
            if (answer == null || !answer.isObject()) {
                throw new IOException("the answer is not a JSON object");
            }
            toTheEnd(in);
            return answer;
        }
    }

    private static QueryResult search(JsonParser parser) throws IOException {
        int status = 200;
        JsonNode error = null;
        boolean timedOut = false;
        JsonNode shards = null;
        JsonNode clusters = null;
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
            return new QueryResult(
                    null, error == null ? "it answered " + status : reason(error), isTooLarge(error), false);
        }
        String partial = partial(timedOut, shards, clusters);
        if (partial != null) {
            return new QueryResult(null, partial, isTooLarge(shards), false);
        }
        boolean noIndex =
                shards != null && shards.has("total") && shards.get("total").asInt() == 0;
        return new QueryResult(hits.answer(aggregations), null, false, noIndex);
    }

    private static boolean isTooLarge(JsonNode error) {
        return error != null && error.findValuesAsText("type").stream().anyMatch(TOO_LARGE::contains);
    }

    /** A part of an answer is none: what it lacks would be missed. */
    private static String partial(boolean timedOut, JsonNode shards, JsonNode clusters) {
        if (shards != null && shards.path("failed").asInt() > 0) {
            JsonNode failure = shards.path("failures").path(0).path("reason");
            return "it answered only in part: " + shards.get("failed").asInt() + " of "
                    + shards.path("total").asInt() + " shards failed"
                    + (failure.isMissingNode() ? "" : ": " + reason(failure));
        }
        if (clusters != null && clusters.path("skipped").asInt() > 0) {
            return "it answered only in part: " + clusters.get("skipped").asInt() + " of "
                    + clusters.path("total").asInt() + " clusters were left out (skip_unavailable)";
        }
        return timedOut ? "it did not finish the search in time" : null;
    }

    /** What is wrong stands in the innermost cause. */
    static String reason(JsonNode error) {
        if (!error.isObject()) {
            return error.asText();
        }
        String outer = error.path("reason").asText(error.path("type").asText());
        JsonNode cause = error;
        while (cause.path("caused_by").isObject()) {
            cause = cause.get("caused_by");
        }
        JsonNode shard = error.at("/failed_shards/0/reason");
        if (cause == error && shard.isObject()) {
            return outer + ": " + reason(shard);
        }
        return cause == error
                ? outer
                : outer + ": " + cause.path("reason").asText(cause.path("type").asText());
    }
}
