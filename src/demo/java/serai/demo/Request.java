package serai.demo;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One request as it arrived.
 *
 * @param at when its body was complete
 * @param method in capitals
 * @param path decoded, without the query string
 * @param query the decoded query string
 * @param headers names in any case; of a repeated header the last value
 * @param body as sent, decoded only from chunks
 */
public record Request(
        Instant at, String method, String path, Map<String, String> query, Map<String, String> headers, byte[] body) {

    static Request of(Instant at, String method, String target, TreeMap<String, String> headers, byte[] body) {
        int mark = target.indexOf('?');
        String path = URLDecoder.decode(mark < 0 ? target : target.substring(0, mark), StandardCharsets.UTF_8);
        return new Request(at, method, path, pairs(mark < 0 ? "" : target.substring(mark + 1)), headers, body);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The fields of a form body; empty when the body is not declared to be a form. */
    public Map<String, String> form() {
        return isOf("application/x-www-form-urlencoded") ? pairs(text()) : Map.of();
    }

    boolean isOf(String mediaType) {
        return header("Content-Type")
                .map(t -> t.split(";", 2)[0].strip().equalsIgnoreCase(mediaType))
                .orElse(false);
    }

    private static Map<String, String> pairs(String encoded) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : encoded.split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                pairs.put(decode(parts[0]), parts.length == 1 ? "" : decode(parts[1]));
            }
        }
        return pairs;
    }

    private static String decode(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }
}
