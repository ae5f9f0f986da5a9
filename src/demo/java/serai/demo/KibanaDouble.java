package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Kibana's service for short addresses on 127.0.0.1: {@code POST /api/short_url} as since 7.16, {@code POST
 * /api/shorten_url} as before. It wants its {@code kbn-xsrf} header, a JSON body of exactly its fields and an address
 * within Kibana.
 */
public final class KibanaDouble implements AutoCloseable {

    /** What can go wrong with the next requests. */
    public enum Failure {
        NOT_READY,
        NOT_JSON,
        HANG,
        RESET,
        ENDLESS
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final boolean current;
    private final Map<String, String> addresses = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Loopback server = new Loopback("kibana", this::answer);
    private volatile Failure failure;
    private volatile String login;

    private KibanaDouble(boolean current) {
        this.current = current;
    }

    /** @param current whether it is 7.16 or newer */
    public static KibanaDouble start(boolean current) throws IOException {
        KibanaDouble kibana = new KibanaDouble(current);
        kibana.server.start();
        return kibana;
    }

    public String url() {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    /** Every request fails so from now on; null for none. */
    public KibanaDouble fail(Failure kind) {
        failure = kind;
        return this;
    }

    public KibanaDouble login(String user, String password) {
        login = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The long address of a short one's id. */
    public Optional<String> behind(String id) {
        return Optional.ofNullable(addresses.get(id));
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void answer(Request request, Answer answer) throws IOException {
        requests.add(request);
        if (failure != null) {
            fail(answer);
        } else if (login != null
                && !request.header("Authorization").filter(login::equals).isPresent()) {
            refuse(answer, 401, "Unauthorized", "missing authentication credentials");
        } else if (!request.method().equals("POST")
                || !request.path().equals(current ? "/api/short_url" : "/api/shorten_url")) {
            refuse(answer, 404, "Not Found", "Not Found");
        } else if (request.header("kbn-xsrf").isEmpty()) {
            refuse(answer, 400, "Bad Request", "Request must contain a kbn-xsrf header.");
        } else {
            shorten(request, answer);
        }
    }

    private void fail(Answer answer) throws IOException {
        switch (failure) {
            case NOT_READY -> answer.send(503, "text/plain", "Kibana server is not ready yet");
            case NOT_JSON -> answer.send(200, "text/html", "<html>login</html>");
            case HANG -> answer.hang();
            case ENDLESS -> answer.send(200, "application/json", "{\"id\":\"" + "x".repeat(1_000_000) + "\"}");
            default -> answer.reset();
        }
    }

    private void shorten(Request request, Answer answer) throws IOException {
        Optional<String> url = address(request);
        if (url.isEmpty()) {
            refuse(answer, 400, "Bad Request", "[request body]: the definition is not of this service");
            return;
        }
        String id = Integer.toHexString(url.get().hashCode());
        addresses.put(id, url.get());
        answer.send(
                200,
                "application/json; charset=utf-8",
                JSON.createObjectNode().put(current ? "id" : "urlId", id).toString());
    }

    private Optional<String> address(Request request) {
        try {
            JsonNode body = JSON.readTree(request.text());
            JsonNode url = current ? body.path("params").path("url") : body.path("url");
            boolean known = current
                    ? body.path("locatorId").asText().equals("LEGACY_SHORT_URL_LOCATOR") && body.size() == 2
                    : body.size() == 1;
            boolean valid =
                    known && request.isOf("application/json") && url.asText().startsWith("/app/");
            return valid ? Optional.of(url.asText()) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static void refuse(Answer answer, int status, String error, String message) throws IOException {
        answer.send(
                status,
                "application/json; charset=utf-8",
                JSON.createObjectNode()
                        .put("statusCode", status)
                        .put("error", error)
                        .put("message", message)
                        .toString());
    }
}
