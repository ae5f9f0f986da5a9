package serai.demo;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;

/**
 * Stands before a search server and passes on what is asked, unless a test made it fail: a reverse proxy as operators
 * have, with a login, that counts what goes through it. Without a server behind it, it answers what it was given.
 */
public final class SearchFront implements AutoCloseable {

    /** How one request is answered in place of the server. */
    @FunctionalInterface
    public interface Reply {
        void to(Request request, Line line) throws IOException;
    }

    /** The ways in which a reply may be given. */
    public final class Line {
        private final Request request;
        private final Answer answer;

        private Line(Request request, Answer answer) {
            this.request = request;
            this.answer = answer;
        }

        public void json(int status, String body, String... headers) throws IOException {
            for (int i = 0; i < headers.length; i += 2) {
                answer.header(headers[i], headers[i + 1]);
            }
            answer.send(status, "application/json", body);
        }

        public void html(int status) throws IOException {
            answer.send(status, "text/html", "<html><body>Sorry</body></html>");
        }

        /** The server's own answer, after a while. */
        public void late(Duration delay) throws IOException {
            LockSupport.parkNanos(delay.toNanos());
            pass(request, answer);
        }

        /** The first bytes of the server's own answer. */
        public void cutAfter(int bytes) throws IOException {
            byte[] whole = ask(request, false).body();
            try (OutputStream out = answer.stream(200, "application/json", Answer.Framing.CHUNKED)) {
                out.write(whole, 0, Math.min(bytes, whole.length));
                out.flush();
                answer.cut();
            } catch (IOException e) {
                // the rest cannot be written: that is meant
            }
        }

        /** An answer that does not end. */
        public void endless() throws IOException {
            byte[] part = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
            try (OutputStream out = answer.stream(200, "application/json", Answer.Framing.CHUNKED)) {
                out.write("{\"responses\":[{\"status\":200,\"hits\":{\"hits\":[".getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < 100_000; i++) {
                    out.write(part);
                }
            }
        }

        public void hang() throws IOException {
            answer.hang();
            answer.reset();
        }

        public void reset() throws IOException {
            answer.reset();
        }
    }

    private final Loopback loopback = new Loopback("search-front", this::answer);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private volatile Reply always;
    private volatile String behind;
    private volatile String authorization;

    /** @param behind the server's address, or null when there is none */
    public static SearchFront start(String behind) throws IOException {
        SearchFront front = new SearchFront();
        front.behind = behind;
        front.loopback.start();
        return front;
    }

    public String hostAddress() {
        return "127.0.0.1:" + loopback.port();
    }

    public int port() {
        return loopback.port();
    }

    /** What the header Authorization has to be; anything else is answered with 401. */
    public SearchFront requiring(String header) {
        authorization = header;
        return this;
    }

    /** The next question is answered so; of several each in turn. {@code GET /} is not a question. */
    public SearchFront next(Reply reply) {
        replies.add(reply);
        return this;
    }

    /** Every question is answered so from now on; null ends it. */
    public SearchFront always(Reply reply) {
        always = reply;
        return this;
    }

    public void passTo(String server) {
        behind = server;
    }

    /** Closes the port. */
    public void down() throws IOException {
        loopback.stop();
    }

    /** Opens it again. */
    public void up() throws IOException {
        loopback.start();
    }

    /** All requests, in the order in which they came. */
    public List<Request> requests() {
        return requests;
    }

    /** Those that were questions. */
    public List<Request> questions() {
        return requests.stream().filter(request -> !request.path().equals("/")).toList();
    }

    /** A request's body, unpacked. */
    public String text(Request request) throws IOException {
        if (request.header("Content-Encoding").filter("gzip"::equals).isEmpty()) {
            return request.text();
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(request.body()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** How many connections requests came by. */
    public int connections() {
        return connections.size();
    }

    /** The most requests that were under way at one time. */
    public int mostAtOnce() {
        return mostAtOnce.get();
    }

    private void answer(Request request, Answer answer) throws IOException {
        requests.add(request);
        connections.add(answer.port());
        mostAtOnce.accumulateAndGet(now.incrementAndGet(), Math::max);
        try {
            reply(request, answer);
        } finally {
            now.decrementAndGet();
        }
    }

    private void reply(Request request, Answer answer) throws IOException {
        if (authorization != null
                && !request.header("Authorization")
                        .filter(authorization::equals)
                        .isPresent()) {
            answer.send(401, "application/json", """
                    {"error":{"type":"security_exception","reason":"missing authentication credentials"},
                     "status":401}""");
            return;
        }
        Reply reply = request.path().equals("/") ? null : replies.poll();
        reply = reply == null && !request.path().equals("/") ? always : reply;
        if (reply != null) {
            reply.to(request, new Line(request, answer));
        } else {
            pass(request, answer);
        }
    }

    private void pass(Request request, Answer answer) throws IOException {
        if (behind == null) {
            answer.send(
                    request.path().equals("/") ? 200 : 404,
                    "application/json",
                    request.path().equals("/")
                            ? "{\"version\":{\"number\":\"8.19.20\"}}"
                            : "{\"error\":\"nothing is behind\",\"status\":404}");
            return;
        }
        HttpResponse<byte[]> reply = ask(request, true);
        for (String name : List.of("Content-Encoding", "X-Elastic-Product")) {
            reply.headers().firstValue(name).ifPresent(value -> answer.header(name, value));
        }
        answer.send(
                reply.statusCode(),
                reply.headers().firstValue("Content-Type").orElse("application/json"),
                reply.body());
    }

    private HttpResponse<byte[]> ask(Request request, boolean packed) throws IOException {
        StringBuilder query = new StringBuilder();
        request.query()
                .forEach((name, value) -> query.append(query.isEmpty() ? "?" : "&")
                        .append(name)
                        .append('=')
                        .append(value));
        HttpRequest.Builder passed = HttpRequest.newBuilder(
                        URI.create(behind + request.path().replace(" ", "%20") + query))
                .timeout(Duration.ofSeconds(60))
                .method(request.method(), BodyPublishers.ofByteArray(request.body()));
        for (String name : List.of("Accept", "Content-Type", "Content-Encoding", "Accept-Encoding")) {
            request.header(name)
                    .filter(value -> packed || !name.equals("Accept-Encoding"))
                    .ifPresent(value -> passed.header(name, value));
        }
        try {
            return client.send(passed.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Headers of the last request, by name in any case. */
    public Map<String, String> lastHeaders() {
        return requests.get(requests.size() - 1).headers();
    }

    @Override
    public void close() throws IOException {
        loopback.close();
    }
}
