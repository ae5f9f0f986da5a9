package serai.demo;

import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A Metabase on 127.0.0.1 that answers cards (saved questions), as strict as the real one: docs/reference/metabase.md.
 * {@link #next} and {@link #always} choose what it does wrong on purpose. At the start it knows one API key and one
 * user.
 */
public final class MetabaseDouble implements AutoCloseable {

    /** The API key that it accepts. */
    public static final String API_KEY = "mb_Zm9yIHRlc3RzIG9ubHk=";
    /** The user that it knows, with {@link #PASSWORD}. */
    public static final String USER = "loader@example.org";

    public static final String PASSWORD = "correct horse battery staple";

    private final Map<Integer, Card> cards = new ConcurrentHashMap<>();
    private final MetabaseLogins logins = new MetabaseLogins();
    private final Queue<Failure> next = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final Queue<Failure> nextLogins = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Exception> faults = new CopyOnWriteArrayList<>();
    private final MetabaseRoutes routes = new MetabaseRoutes(cards, logins);
    private final Loopback server = new Loopback("metabase", this::answer);
    private volatile Failure always = Failure.OK;
    private volatile MetabaseSettings settings = MetabaseSettings.USUAL;

    private MetabaseDouble() {
        routes.apiKey(API_KEY);
        logins.user(USER, PASSWORD);
    }

    /** Starts one on a free port. */
    public static MetabaseDouble start() throws IOException {
        MetabaseDouble metabase = new MetabaseDouble();
        metabase.server.start();
        return metabase;
    }

    /** The site's address, without {@code /api}. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Registers a card with the date variables {@code start} and {@code end}. */
    public MetabaseDouble card(int id, CardSource source) {
        return card(Card.between(id, "Card " + id, source));
    }

    /** Registers a card, in place of one with the same number. */
    public MetabaseDouble card(Card card) {
        cards.put(card.id(), card);
        return this;
    }

    /** The failures of the next downloads, in order, one each; after them {@link #always} applies again. */
    public MetabaseDouble next(Failure... failures) {
        next.addAll(List.of(failures));
        return this;
    }

    /** The failure of each download for which {@link #next} has none. */
    public MetabaseDouble always(Failure failure) {
        always = failure;
        return this;
    }

    /** What answers the next downloads in place of Metabase, such as a proxy before it, in order, one each. */
    public MetabaseDouble nextReply(int status, String contentType, String body, Map<String, String> headers) {
        replies.add(new Reply(status, contentType, body, headers));
        return this;
    }

    private record Reply(int status, String contentType, String body, Map<String, String> headers) {}

    /** The failures of the next logins; those of CSV files have no effect. */
    public MetabaseDouble nextLogin(Failure... failures) {
        nextLogins.addAll(List.of(failures));
        return this;
    }

    /**
     * The minor version, such as 49 or 60 (default 55): which parameters it reads, and how it reports a failed query.
     */
    public MetabaseDouble version(int minor) {
        settings = settings.withVersion(minor);
        return this;
    }

    /** The default of {@code format_rows}; true at the start, as in 0.49, so that a request without it is noticed. */
    public MetabaseDouble formattedByDefault(boolean formatted) {
        settings = settings.withFormattedByDefault(formatted);
        return this;
    }

    /** After how many rows a download is cut off without a sign; 1,048,575 at the start. Raw bytes are not counted. */
    public MetabaseDouble rowLimit(long rows) {
        settings = settings.withRowLimit(rows);
        return this;
    }

    /** How many complete rows are sent before a failure in the middle; 2 at the start. */
    public MetabaseDouble failingAfter(int rows) {
        settings = settings.withSettledRows(rows);
        return this;
    }

    /** The speed of {@link Failure#SLOW_DRIP}; 1000 at the start. */
    public MetabaseDouble dripping(int bytesPerSecond) {
        settings = settings.withBytesPerSecond(bytesPerSecond);
        return this;
    }

    /** The results time zone, in which values with an offset are printed; UTC at the start. */
    public MetabaseDouble zone(ZoneId zone) {
        settings = settings.withZone(zone);
        return this;
    }

    /** The clock of sessions and of the throttling of logins. */
    public MetabaseDouble clock(Clock clock) {
        logins.clock(clock);
        return this;
    }

    /** Adds a user, or changes a password. */
    public MetabaseDouble user(String name, String password) {
        logins.user(name, password);
        return this;
    }

    /** Disables a user and ends all sessions. */
    public MetabaseDouble disable(String name) {
        logins.disable(name);
        return this;
    }

    /** Ends all sessions. */
    public MetabaseDouble expireSessions() {
        logins.expire();
        return this;
    }

    /** Counts this many failed logins of a user as of now; the eleventh login in an hour is throttled. */
    public MetabaseDouble hammer(String name, int times) {
        logins.hammer(name, times);
        return this;
    }

    /** The failed logins of a user that are counted now. */
    public int attempts(String name) {
        return logins.attempts(name);
    }

    /** Every request so far. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The requests so far of one method and path. */
    public List<Request> requests(String method, String path) {
        return requests.stream()
                .filter(r -> r.method().equals(method) && r.path().equals(path))
                .toList();
    }

    /** Forgets the requests so far. */
    public void forget() {
        requests.clear();
    }

    /** Refuses new connections, and resets those that are open. */
    public void stop() throws IOException {
        server.stop();
    }

    /** Listens again, on the same port. */
    public void restart() throws IOException {
        server.start();
    }

    /** @throws IllegalStateException when a test asked for a failure that its card does not allow */
    @Override
    public void close() throws IOException {
        server.close();
        if (!faults.isEmpty()) {
            throw new IllegalStateException(
                    "The Metabase double was misused: " + faults.get(0).getMessage(), faults.get(0));
        }
    }

    private void answer(Request request, Answer answer) throws IOException {
        requests.add(request);
        try {
            Reply reply = request.path().endsWith("/query/csv") ? replies.poll() : null;
            if (reply != null) {
                reply.headers().forEach(answer::header);
                answer.send(reply.status(), reply.contentType(), reply.body());
            } else if (request.path().endsWith("/query/csv")) {
                Failure failure = next.poll();
                routes.download(request, answer, failure == null ? always : failure, settings);
            } else if (request.path().equals("/api/session")) {
                Failure failure = nextLogins.poll();
                routes.session(request, answer, failure == null ? Failure.OK : failure);
            } else {
                routes.other(request, answer);
            }
        } catch (RequestRefusal e) {
            answer.send(e.status(), e.contentType(), e.getMessage());
        } catch (IllegalStateException e) {
            faults.add(e);
            answer.reset();
        }
    }
}
