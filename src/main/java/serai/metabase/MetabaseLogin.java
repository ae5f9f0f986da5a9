package serai.metabase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import serai.settings.Secrets;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * A Metabase session by user and password. There is one login at a time, for all requests and all instances. After each
 * refusal the next attempt waits longer. The wait is kept in the warehouse, so a restart does not shorten it: Metabase
 * counts even attempts that it throttles, and locks the account for hours. See docs/reference/metabase.md, "Sessions".
 */
final class MetabaseLogin {

    /** The name under which {@code meta.offsets} keeps the wait. */
    private static final String SOURCE = "metabase-login";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REQUIRED_WAIT = Pattern.compile("wait (\\d{1,7}) second");
    /** Metabase throttles from the eleventh failure in an hour; with these waits it never sees more than five. */
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    /** Added to the wait that Metabase requires: its clock may differ. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final CamelContext context;
    private final Warehouse warehouse;
    private final String endpoint;
    private final Map<String, String> headers;
    private final String user;
    private final String password;
    private final Clock clock;
    private ProducerTemplate http;
    private String session;

    /** @param endpoint of the request for a session */
    MetabaseLogin(
            CamelContext context,
            Warehouse warehouse,
            String endpoint,
            Map<String, String> headers,
            String user,
            String password,
            Clock clock) {
        this.context = context;
        this.warehouse = warehouse;
        this.endpoint = endpoint;
        this.headers = headers;
        this.user = user;
        this.password = password;
        this.clock = clock;
    }

    /**
     * The session's id, after a login if there is none.
     *
     * @throws IllegalStateException when Metabase refuses the login, or the wait after a refusal is not over
     */
    synchronized String session() throws Exception {
        if (session == null) {
            session = login();
        }
        return session;
    }

    /** Forgets a session that Metabase refused, unless there is another one by now. */
    synchronized void discard(String refused) {
        if (refused.equals(session)) {
            session = null;
        }
    }

    private String login() throws Exception {
        try (Writer writer = warehouse.writer(SOURCE)) {
            Instant notBefore =
                    Instant.parse(writer.position().path("notBefore").asText(Instant.EPOCH.toString()));
            if (clock.instant().isBefore(notBefore)) {
                throw new IllegalStateException(
                        "Metabase refused the last login; the next try is not before " + notBefore
                                + ", so that the account is not locked. Check metabase.user and metabase.password.");
            }
            int failures = writer.position().path("failures").asInt();
            // the wait is written before the attempt, so it also holds if the process dies during the attempt
            store(writer, failures + 1, clock.instant().plus(wait(failures)));
            return login(writer, failures);
        }
    }

    private String login(Writer writer, int failures) throws Exception {
        Exchange reply = http().request(endpoint, e -> {
            headers.forEach(e.getMessage()::setHeader);
            ObjectNode body = JSON.createObjectNode().put("username", user).put("password", password);
            e.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            e.getMessage().setBody(body.toString());
        });
        if (reply.getException() != null) {
            // not a refusal: the next request may try at once
            store(writer, failures, clock.instant());
            throw new IllegalStateException("Metabase cannot be reached for the login: "
                    + reply.getException().getMessage());
        }
        int status = reply.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, int.class);
        String body = reply.getMessage().getBody(String.class);
        String id = status == 200 ? json(body).path("id").asText("") : "";
        if (!id.isEmpty()) {
            Secrets.add(id);
            store(writer, 0, clock.instant());
            return id;
        }
        if (status >= 500) {
            store(writer, failures, clock.instant());
            throw new IllegalStateException("Metabase answered the login with " + status + ".");
        }
        throw refused(writer, failures, status, body == null ? "" : body);
    }

    private IllegalStateException refused(Writer writer, int failures, int status, String body) throws Exception {
        Duration wait = wait(failures);
        Matcher required = REQUIRED_WAIT.matcher(body);
        if (required.find()) {
            Duration least =
                    Duration.ofSeconds(Long.parseLong(required.group(1))).plus(MARGIN);
            wait = least.compareTo(wait) > 0 ? least : wait;
        }
        store(writer, failures + 1, clock.instant().plus(wait));
        JsonNode errors = json(body).path("errors");
        String reason = errors.isObject() && errors.elements().hasNext()
                ? errors.elements().next().asText()
                : "status " + status;
        return new IllegalStateException("Metabase refused the login: " + reason + ". The next try is in "
                + wait.toSeconds() + " s. Check metabase.user and metabase.password, or use metabase.api-key.");
    }

    private static Duration wait(int failures) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(2 * failures, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private static void store(Writer writer, int failures, Instant notBefore) throws Exception {
        writer.commitWithState(tx -> {
            tx.position(JSON.createObjectNode().put("failures", failures).put("notBefore", notBefore.toString()));
            return RunOutcome.ok();
        });
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body == null ? "{}" : body);
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private ProducerTemplate http() {
        if (http == null) {
            http = context.createProducerTemplate();
            http.start();
        }
        return http;
    }

    void close() {
        if (http != null) {
            http.stop();
        }
    }
}
