package serai.elasticsearch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * A request to the API.
 *
 * @param method such as GET
 * @param path such as {@code /_bulk}; behind the path prefix of the server
 * @param query behind the question mark of the URL, encoded; may be empty
 * @param body JSON; lines of JSON for {@code _bulk} and {@code _msearch}; null for none
 */
public record ElasticsearchRequest(String method, String path, String query, String body) {

    /** Smaller bodies are not worth the packing. */
    private static final int MIN_PACKED_BYTES = 1_000;

    /** The body as it is sent. */
    ByteArrayEntity entity() {
        boolean lines = path.endsWith("/_bulk") || path.endsWith("/_msearch");
        ContentType type =
                ContentType.create(lines ? "application/x-ndjson" : "application/json", StandardCharsets.UTF_8);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MIN_PACKED_BYTES
                ? new ByteArrayEntity(bytes, type)
                : new ByteArrayEntity(packed(bytes), type, "gzip");
    }

    private static byte[] packed(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 4);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed, 8192)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("memory can be written", e);
        }
        return packed.toByteArray();
    }
}
