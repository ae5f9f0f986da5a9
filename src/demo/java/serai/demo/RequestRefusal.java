package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/** Ends the handling of a request with an error reply. */
final class RequestRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int status;
    private final String contentType;

    private RequestRefusal(int status, String contentType, String body) {
        super(body);
        this.status = status;
        this.contentType = contentType;
    }

    static RequestRefusal text(int status, String body) {
        return new RequestRefusal(status, "text/plain", body);
    }

    static RequestRefusal html(int status, String body) {
        return new RequestRefusal(status, "text/html", body);
    }

    static RequestRefusal json(int status, Map<String, ?> body) {
        return new RequestRefusal(status, "application/json;charset=utf-8", write(body));
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
