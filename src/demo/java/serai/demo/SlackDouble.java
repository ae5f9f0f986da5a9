package serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * Slack's incoming webhooks on 127.0.0.1, with the limits of docs/reference/slack.md, "Incoming webhooks". A webhook
 * accepts one message a second; beyond its burst it answers 429 with {@code Retry-After}.
 */
public final class SlackDouble implements AutoCloseable {

    /** Seconds by which a post that was sent on time may arrive early, because of the network's jitter. */
    private static final double JITTER = 0.05;

    /**
     * A post to a webhook.
     *
     * @param webhook the name that {@link #webhook} was given
     * @param payload the JSON body; null when it was not JSON
     * @param status what was answered; 0 when the connection was reset
     * @param body the answer's body
     * @param posted whether the message is in the channel
     */
    public record Post(Instant at, String webhook, JsonNode payload, int status, String body, boolean posted) {
        public String text() {
            return payload.path("text").asText();
        }
    }

    private final Map<String, String> webhooks = new ConcurrentHashMap<>();
    private final Map<String, Allowance> allowances = new HashMap<>();
    private final Queue<SlackFailure> next = new ConcurrentLinkedQueue<>();
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final Loopback server = new Loopback("slack", this::answer);
    private volatile int burst = 1;
    private volatile int retryAfter = 1;
    private volatile Duration slowness = Duration.ofSeconds(2);

    private SlackDouble() {}

    public static SlackDouble start() throws IOException {
        SlackDouble slack = new SlackDouble();
        slack.server.start();
        return slack;
    }

    /** The secret address of a channel's webhook; the same for the same name. */
    public String webhook(String name) {
        String path = "/services/T00000001/B" + String.format("%08X", name.hashCode()) + "/"
                + Long.toString(Math.abs(name.hashCode() * 31_415_926_535L), 36);
        webhooks.put(path, name);
        return "http://127.0.0.1:" + server.port() + path;
    }

    /** The answers to the next posts, in order, one each. A post over the rate gets a 429 and uses none of them. */
    public SlackDouble next(SlackFailure... failures) {
        next.addAll(List.of(failures));
        return this;
    }

    public SlackDouble fail(int times, SlackFailure failure) {
        next.addAll(Collections.nCopies(times, failure));
        return this;
    }

    /** How many messages a webhook accepts at once after a pause; 1 by default. */
    public SlackDouble burst(int messages) {
        burst = messages;
        return this;
    }

    /**
     * The seconds that a {@link SlackFailure#RATE_LIMITED} asks for; 1 by default. A webhook accepts nothing until they
     * are over.
     */
    public SlackDouble retryAfter(int seconds) {
        retryAfter = seconds;
        return this;
    }

    /** How long a {@link SlackFailure#SLOW} takes; 2 s by default. */
    public SlackDouble slowness(Duration time) {
        slowness = time;
        return this;
    }

    /** The messages in the channels, in order of arrival. */
    public List<Post> messages() {
        return posts.stream().filter(Post::posted).toList();
    }

    /** Every post, refused ones too. */
    public List<Post> posts() {
        return List.copyOf(posts);
    }

    public void stop() throws IOException {
        server.stop();
    }

    /** Listens again, on the same port. */
    public void restart() throws IOException {
        server.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void answer(Request request, Answer answer) throws IOException {
        String webhook = webhooks.get(request.path());
        JsonNode payload = SlackPayload.read(request).orElse(null);
        if (webhook == null || !request.method().equals("POST")) {
            boolean ourTeam = request.path().startsWith("/services/T00000001/");
            refuse(
                    request,
                    answer,
                    String.valueOf(webhook),
                    payload,
                    ourTeam ? SlackFailure.INVALID_TOKEN : SlackFailure.NO_TEAM);
            return;
        }
        Optional<Integer> wait = allowance(webhook).take(request.at(), burst);
        if (wait.isPresent()) {
            answer.header("Retry-After", String.valueOf(wait.get()));
            refuse(request, answer, webhook, payload, SlackFailure.RATE_LIMITED);
            return;
        }
        Optional<SlackFailure> fault =
                payload == null ? Optional.of(SlackFailure.INVALID_PAYLOAD) : SlackPayload.fault(payload);
        if (fault.isPresent()) {
            refuse(request, answer, webhook, payload, fault.get());
        } else {
            accept(request, answer, webhook, payload, next.poll());
        }
    }

    private void accept(Request request, Answer answer, String webhook, JsonNode payload, SlackFailure failure)
            throws IOException {
        if (failure == null || failure == SlackFailure.SLOW) {
            posts.add(new Post(request.at(), webhook, payload, 200, "ok", true));
            LockSupport.parkNanos(failure == null ? 0 : slowness.toNanos());
            answer.send(200, "text/html", "ok");
        } else if (failure.status() == 0) {
            posts.add(new Post(request.at(), webhook, payload, 0, "", failure == SlackFailure.ACCEPTED_THEN_RESET));
            answer.reset();
        } else {
            if (failure == SlackFailure.RATE_LIMITED) {
                allowance(webhook).block(request.at().plusSeconds(retryAfter));
                answer.header("Retry-After", String.valueOf(retryAfter));
            }
            refuse(request, answer, webhook, payload, failure);
        }
    }

    private void refuse(Request request, Answer answer, String webhook, JsonNode payload, SlackFailure failure)
            throws IOException {
        posts.add(new Post(request.at(), webhook, payload, failure.status(), failure.body(), false));
        answer.send(failure.status(), "text/html", failure.body());
    }

    private Allowance allowance(String webhook) {
        synchronized (allowances) {
            return allowances.computeIfAbsent(webhook, w -> new Allowance());
        }
    }

    /** A token bucket that gains one message a second. */
    private static final class Allowance {
        private double messages = Double.MAX_VALUE;
        private Instant at = Instant.EPOCH;

        /** @return the seconds to wait, when there is nothing left */
        synchronized Optional<Integer> take(Instant now, int burst) {
            double grown = messages + Duration.between(at, now).toNanos() / 1e9;
            if (now.isAfter(at)) {
                messages = Math.min(burst, grown);
                at = now;
            }
            if (messages < 1 - JITTER || at.isAfter(now)) {
                return Optional.of((int) Math.max(
                        1, Math.ceil(Duration.between(now, at).toNanos() / 1e9 + 1 - messages)));
            }
            messages -= 1;
            return Optional.empty();
        }

        synchronized void block(Instant until) {
            at = until;
            messages = 1;
        }
    }
}
