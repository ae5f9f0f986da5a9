package serai.load.metabase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The JSON with which Metabase reports an error. Where it was cut off, or read as CSV, it is searched. */
final class QueryError {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** In the order in which they say most. */
    private static final List<String> KEYS = List.of("error", "message", "cause");
    /** A key may lack its first quote, and the second one, when a CSV parser has read it. */
    private static final Map<String, Pattern> PATTERNS = KEYS.stream()
            .collect(Collectors.toMap(
                    key -> key,
                    key -> Pattern.compile("(?<=^|[{,\"\\s])" + key + "\"?\\s*:\\s*\"((?:[^\"\\\\]|\\\\.){1,300})")));

    private QueryError() {}

    /** The error's message. */
    static String message(String json) {
        return parsed(json).or(() -> found(json)).orElse("no message was given");
    }

    private static Optional<String> parsed(String json) {
        try {
            JsonNode error = JSON.readTree(json);
            Optional<String> text = KEYS.stream()
                    .map(error::path)
                    .filter(node -> node.isTextual() && !node.asText().isBlank())
                    .map(JsonNode::asText)
                    .findFirst();
            return text.or(() -> fields(error.path("errors")));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** {@code {"errors": {"x": "must be y"}}} is {@code x must be y}. */
    private static Optional<String> fields(JsonNode errors) {
        if (errors.isTextual()) {
            return Optional.of(errors.asText());
        }
        String text = errors.properties().stream()
                .map(field -> field.getKey() + " "
                        + (field.getValue().isValueNode()
                                ? field.getValue().asText()
                                : field.getValue().toString()))
                .collect(Collectors.joining("; "));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Optional<String> found(String json) {
        return KEYS.stream()
                .map(key -> PATTERNS.get(key).matcher(json))
                .filter(Matcher::find)
                .map(match -> match.group(1).replaceAll("\\\\[nrt]", " ").replace("\\\"", "\""))
                .findFirst();
    }
}
