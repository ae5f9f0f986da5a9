package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Services that accept JSON by POST, on 127.0.0.1: each path is one, with its own contract. A request that is not a
 * POST of JSON to a known path, or breaks the contract, is refused.
 */
public final class WebhookDouble implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** What a path does once instead of accepting the message. */
    public enum Failure {
        REFUSE,
        TOO_LARGE,
        UNAVAILABLE,
        RATE_LIMITED,
        RESET,
        ACCEPTED_THEN_RESET,
        SLOW,
        ENDLESS
    }

    /**
     * A request.
     *
     * @param payload null when it was not JSON
     * @param taken whether the service accepted the message
     * @param fault the reason of a refusal; empty when there was none
     */
    public record Post(
            Instant at,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            JsonNode payload,
            boolean taken,
            String fault) {}

    private final Map<String, Function<JsonNode, Optional<String>>> services = new ConcurrentHashMap<>();
    private final Map<String, Queue<Failure>> next = new ConcurrentHashMap<>();
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final Loopback server = new Loopback("webhooks", this::answer);
    private volatile int accepted = 200;

    private WebhookDouble() {}

    public static WebhookDouble start() throws IOException {
        WebhookDouble webhooks = new WebhookDouble();
        webhooks.server.start();
        return webhooks;
    }

    /** A service that accepts any JSON. */
    public String service(String path) {
        return service(path, json -> Optional.empty());
    }

    /** A service with a contract, which returns what is wrong with a message, if anything. */
    public String service(String path, Function<JsonNode, Optional<String>> contract) {
        services.put(path, contract);
        return "http://127.0.0.1:" + server.port() + path;
    }

    public WebhookDouble next(String path, Failure... failures) {
        next.computeIfAbsent(path, p -> new ConcurrentLinkedQueue<>()).addAll(List.of(failures));
        return this;
    }

    /** The status of the answer to an accepted message; 200 by default. */
    public WebhookDouble accepts(int status) {
        accepted = status;
        return this;
    }

    public List<Post> posts(String path) {
        return posts.stream().filter(post -> post.path().equals(path)).toList();
    }

    /** The messages that a service accepted, in order. */
    public List<JsonNode> taken(String path) {
        return posts(path).stream().filter(Post::taken).map(Post::payload).toList();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void answer(Request request, Answer answer) throws IOException {
        JsonNode payload = payload(request);
        Function<JsonNode, Optional<String>> contract = services.get(request.path());
        if (contract == null || !request.method().equals("POST")) {
            refuse(request, answer, payload, 404, "no such service");
            return;
        }
        Optional<String> fault = payload == null ? Optional.of("not a POST of JSON") : contract.apply(payload);
        if (fault.isPresent()) {
            refuse(request, answer, payload, 400, fault.get());
            return;
        }
        Failure failure =
                Optional.ofNullable(next.get(request.path())).map(Queue::poll).orElse(null);
        if (failure == null) {
            take(request, payload);
            answer.send(accepted, "application/json", "{\"status\":\"success\"}");
        } else {
            fail(request, answer, payload, failure);
        }
    }

    private void fail(Request request, Answer answer, JsonNode payload, Failure failure) throws IOException {
        switch (failure) {
            case REFUSE -> refuse(request, answer, payload, 403, "not allowed");
            case TOO_LARGE -> refuse(request, answer, payload, 413, "too large");
            case UNAVAILABLE -> refuse(request, answer, payload, 503, "later");
            case RATE_LIMITED -> {
                answer.header("Retry-After", "2");
                refuse(request, answer, payload, 429, "{\"parameters\":{\"retry_after\":2}}");
            }
            case RESET -> {
                note(request, payload, false, "reset");
                answer.reset();
            }
            case ACCEPTED_THEN_RESET -> {
                take(request, payload);
                answer.reset();
            }
            case SLOW -> {
                take(request, payload);
                LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
                answer.send(accepted, "application/json", "{}");
            }
            case ENDLESS -> {
                take(request, payload);
                var out = answer.stream(200, "text/plain", Answer.Framing.CHUNKED);
                byte[] chunk = new byte[64 * 1024];
                while (true) {
                    out.write(chunk);
                }
            }
            default -> throw new IllegalStateException(failure.name());
        }
    }

    private void take(Request request, JsonNode payload) {
        note(request, payload, true, "");
    }

    private void refuse(Request request, Answer answer, JsonNode payload, int status, String fault) throws IOException {
        note(request, payload, false, fault);
        answer.send(status, "application/json", fault);
    }

    private void note(Request request, JsonNode payload, boolean taken, String fault) {
        posts.add(new Post(request.at(), request.path(), request.query(), request.headers(), payload, taken, fault));
    }

    private static JsonNode payload(Request request) {
        try {
            return request.isOf("application/json") ? JSON.readTree(request.text()) : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
