package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** Ends the handling of a request with a whole answer. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int status;
    private final String contentType;

    private Refusal(int status, String contentType, String body) {
        super(body);
        this.status = status;
        this.contentType = contentType;
    }

    static Refusal text(int status, String body) {
        return new Refusal(status, "text/plain", body);
    }

    static Refusal html(int status, String body) {
        return new Refusal(status, "text/html", body);
    }

    static Refusal json(int status, Map<String, ?> body) {
        return new Refusal(status, "application/json;charset=utf-8", write(body));
    }

    static String write(Object body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }
}
