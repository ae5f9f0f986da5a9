package serai.elasticsearch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/** Reads replies that are one JSON object. */
public final class JsonReply {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Enough for what a server writes behind the object, which is a line's end. */
    private static final int MAX_TRAILING_BYTES = 1 << 16;

    private JsonReply() {}

    /** @throws IOException when the reply is not one JSON object */
    public static JsonNode read(InputStream in) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            JsonNode reply = JSON.readTree(parser);
            if (reply == null || !reply.isObject()) {
                throw new IOException("the reply is not a JSON object");
            }
            readToEnd(in);
            return reply;
        }
    }

    /** Reads what is left after the object: only then the connection can be used again. */
    public static void readToEnd(InputStream in) throws IOException {
        in.readNBytes(MAX_TRAILING_BYTES);
    }

    /** The reason in an error object: that of its innermost cause too, which is the one that helps. */
    public static String reason(JsonNode error) {
        if (!error.isObject()) {
            return error.asText();
        }
        String outer = own(error);
        JsonNode cause = error;
        while (cause.path("caused_by").isObject()) {
            cause = cause.get("caused_by");
        }
        JsonNode shard = error.at("/failed_shards/0/reason");
        if (cause == error && shard.isObject()) {
            return outer + ": " + reason(shard);
        }
        return cause == error ? outer : outer + ": " + own(cause);
    }

    private static String own(JsonNode error) {
        return error.path("reason").asText(error.path("type").asText());
    }
}
