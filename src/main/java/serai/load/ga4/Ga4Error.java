package serai.load.ga4;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * An answer of the Data API other than a report.
 *
 * @param status of HTTP
 * @param message Google's own, shortened; empty when it is not Google's JSON
 */
record Ga4Error(int status, String message) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 300;

    /** @param body as received; it may be cut off, or an HTML page */
    static Ga4Error of(int status, String body) {
        try {
            JsonNode json = JSON.readTree(body.isBlank() ? "{}" : body);
            return new Ga4Error(
                    status, shortened(json.path("error").path("message").asText()));
        } catch (JsonProcessingException e) {
            return new Ga4Error(status, "");
        }
    }

    /** A text of another system in one line, at most 300 characters. */
    static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    boolean isServerError() {
        return status >= 500;
    }

    /** The failure of a run for this reason, with the fix. */
    IOException failure(String property, String account) {
        return new IOException("Google Analytics answered " + status + ": "
                + (message.isEmpty() ? "without a message of its own" : message) + fix(property, account));
    }

    private String fix(String property, String account) {
        return switch (status) {
            case 400 -> " Correct the route's dimensions, metrics or filter.";
            case 401 -> " Check ga4.key-file.";
            case 403 ->
                message.contains("disabled") || message.contains("has not been used")
                        ? " Enable the Google Analytics Data API in the project of " + account + "."
                        : message.isEmpty()
                                ? " It was not Google that answered: check ga4.url, and the proxy if there is one."
                                : " In Google Analytics, give " + account + " the role Viewer in property " + property
                                        + ".";
            case 404 -> " Check ga4.url.";
            default -> "";
        };
    }
}
