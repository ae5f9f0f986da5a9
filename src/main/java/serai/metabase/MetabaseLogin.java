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
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * A Metabase session by user and password. One login at a time, for all reports and all instances; after a refusal the
 * next try waits longer each time, and the wait is kept in the warehouse, so that a restart does not shorten it:
 * Metabase counts even tries that it throttles, and locks the account for hours (spec, contracts 1.1).
 */
public final class MetabaseLogin {

    private static final String SOURCE = "metabase-login";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern WAIT = Pattern.compile("wait (\\d{1,7}) second");
    /** Metabase throttles from the eleventh failure in an hour; with these waits it never sees more than five. */
    private static final Duration FIRST_WAIT = Duration.ofMinutes(1);

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final CamelContext context;
    private final Warehouse warehouse;
    private final String url;
    private final String user;
    private final String password;
    private final Clock clock;
    private ProducerTemplate http;
    private String session;

    public MetabaseLogin(
            CamelContext context, Warehouse warehouse, String url, String user, String password, Clock clock) {
        this.context = context;
        this.warehouse = warehouse;
        this.url = url;
        this.user = user;
        this.password = password;
        this.clock = clock;
    }

    /**
     * The session's id, after a login if there is none or it is the one that Metabase refused.
     *
     * @param refused a session that Metabase did not accept any more, or null
     * @throws IllegalStateException when Metabase refuses the login, or the wait after a refusal is not over
     */
    public synchronized String session(String refused) throws Exception {
        if (session == null || session.equals(refused)) {
            session = null;
            session = login();
        }
        return session;
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
            // the wait is written down before the try: a process that dies in between has used it up
            remember(writer, failures + 1, clock.instant().plus(wait(failures)));
            return ask(writer, failures);
        }
    }

    private String ask(Writer writer, int failures) throws Exception {
        Exchange reply = http().request(url + "/api/session?httpMethod=POST&throwExceptionOnFailure=false", e -> {
            e.getMessage().setHeaders(Map.of(Exchange.CONTENT_TYPE, "application/json"));
            ObjectNode body = JSON.createObjectNode().put("username", user).put("password", password);
            e.getMessage().setBody(body.toString());
        });
        if (reply.getException() != null) {
            // nobody refused anything: the next poll may try at once
            remember(writer, failures, clock.instant());
            throw new IllegalStateException("Metabase cannot be reached for the login: "
                    + reply.getException().getMessage());
        }
        int status = reply.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, int.class);
        String body = reply.getMessage().getBody(String.class);
        String id = status == 200 ? json(body).path("id").asText("") : "";
        if (!id.isEmpty()) {
            remember(writer, 0, clock.instant());
            return id;
        }
        if (status >= 500) {
            remember(writer, failures, clock.instant());
            throw new IllegalStateException("Metabase answered the login with " + status + ".");
        }
        throw refused(writer, failures, status, body);
    }

    private IllegalStateException refused(Writer writer, int failures, int status, String body) throws Exception {
        Duration wait = wait(failures);
        Matcher told = WAIT.matcher(body == null ? "" : body);
        if (told.find()) {
            Duration asked = Duration.ofSeconds(Long.parseLong(told.group(1))).plusSeconds(5);
            wait = asked.compareTo(wait) > 0 ? asked : wait;
        }
        remember(writer, failures + 1, clock.instant().plus(wait));
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

    private static void remember(Writer writer, int failures, Instant notBefore) throws Exception {
        writer.commitWithState(tx -> {
            tx.position(JSON.createObjectNode().put("failures", failures).put("notBefore", notBefore.toString()));
            return RunOutcome.ok(0, 0, 0, 0, null);
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

    public void close() {
        if (http != null) {
            http.stop();
        }
    }
}
