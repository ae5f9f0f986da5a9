package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The endpoints of {@link MetabaseDouble}. */
final class MetabaseRoutes {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_TYPE = "application/json;charset=utf-8";
    private static final Pattern DOWNLOAD = Pattern.compile("/api/card/([^/]+)/query/csv");
    private static final Pattern CARD = Pattern.compile("/api/card/([^/]+)");
    private static final Pattern COOKIE = Pattern.compile("(?:^|;)\\s*metabase\\.SESSION=([^;]+)");

    private final Map<Integer, Card> cards;
    private final MetabaseLogins logins;
    private final Set<String> apiKeys = ConcurrentHashMap.newKeySet();

    MetabaseRoutes(Map<Integer, Card> cards, MetabaseLogins logins) {
        this.cards = cards;
        this.logins = logins;
    }

    void apiKey(String key) {
        apiKeys.add(key);
    }

    void download(Request request, Answer answer, Failure failure, MetabaseSettings settings) throws IOException {
        if (silent(answer, failure)) {
            return;
        }
        Matcher path = DOWNLOAD.matcher(request.path());
        if (!path.matches()) {
            throw request.path().startsWith("/api/") ? MetabaseErrors.noEndpoint() : MetabaseErrors.page();
        }
        if (!request.method().equals("POST")) {
            throw MetabaseErrors.noEndpoint();
        }
        if (failure == Failure.SESSION_EXPIRED) {
            logins.expire();
        }
        refuse(failure);
        requireLogin(request);
        Card card = card(path.group(1));
        MetabaseQuery query;
        try {
            query = MetabaseQuery.read(request, card, settings.version(), settings.formattedByDefault());
        } catch (IllegalArgumentException e) {
            MetabaseQuery none = new MetabaseQuery(Parameters.NONE, false, false);
            new MetabaseDownload(request, answer, card, none, failure, settings)
                    .refuse(e.getMessage(), settings.version() <= 58);
            return;
        }
        new MetabaseDownload(request, answer, card, query, failure, settings).send();
    }

    void session(Request request, Answer answer, Failure failure) throws IOException {
        if (silent(answer, failure)) {
            return;
        }
        refuse(failure);
        switch (request.method()) {
            case "POST" -> login(request, answer);
            case "DELETE" -> {
                if (!session(request).map(logins::logout).orElse(false)) {
                    throw MetabaseErrors.notFound();
                }
                answer.send(204, "text/plain", "");
            }
            default -> throw MetabaseErrors.noEndpoint();
        }
    }

    private void login(Request request, Answer answer) throws IOException {
        JsonNode body;
        try {
            body = request.isOf("application/json") ? JSON.readTree(request.text()) : JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            throw MetabaseErrors.field(400, "body", "Malformed JSON");
        }
        for (String field : List.of("username", "password")) {
            if (!body.path(field).isTextual() || body.path(field).asText().isBlank()) {
                throw MetabaseErrors.field(400, field, "value must be a non-blank string.");
            }
        }
        String id =
                logins.login(body.get("username").asText(), body.get("password").asText());
        answer.header("Set-Cookie", "metabase.SESSION=" + id + "; Path=/; HttpOnly; SameSite=Lax");
        answer.send(200, JSON_TYPE, RequestRefusal.write(Map.of("id", id)));
    }

    void other(Request request, Answer answer) throws IOException {
        if (!request.path().startsWith("/api/")) {
            throw MetabaseErrors.page();
        }
        if (request.path().equals("/api/user/current") && request.method().equals("GET")) {
            requireLogin(request);
            answer.send(200, JSON_TYPE, RequestRefusal.write(Map.of("id", 1)));
            return;
        }
        Matcher path = CARD.matcher(request.path());
        if (!path.matches() || !request.method().equals("GET")) {
            throw MetabaseErrors.noEndpoint();
        }
        requireLogin(request);
        answer.send(200, JSON_TYPE, RequestRefusal.write(card(path.group(1)).description()));
    }

    private Card card(String id) {
        if (!id.matches("[1-9]\\d{0,8}")) {
            throw MetabaseErrors.field(400, "id", "value must be an integer greater than zero.");
        }
        Card card = cards.get(Integer.parseInt(id));
        if (card == null) {
            throw MetabaseErrors.notFound();
        }
        if (!card.readable()) {
            throw MetabaseErrors.forbidden();
        }
        return card;
    }

    private void requireLogin(Request request) {
        boolean inSession = session(request).map(logins::knows).orElse(false);
        if (!inSession && !request.header("x-api-key").map(apiKeys::contains).orElse(false)) {
            throw MetabaseErrors.unauthenticated();
        }
    }

    private static Optional<String> session(Request request) {
        return request.header("Cookie")
                .map(COOKIE::matcher)
                .filter(Matcher::find)
                .map(m -> m.group(1))
                .or(() -> request.header("X-Metabase-Session"));
    }

    private static boolean silent(Answer answer, Failure failure) throws IOException {
        if (failure == Failure.RESET) {
            answer.reset();
        } else if (failure == Failure.HANG) {
            answer.hang();
        }
        return Arrays.asList(Failure.RESET, Failure.HANG).contains(failure);
    }

    /** Throws the failures that are whole replies. */
    private static void refuse(Failure failure) {
        switch (failure) {
            case UNAUTHENTICATED -> throw MetabaseErrors.unauthenticated();
            case FORBIDDEN -> throw MetabaseErrors.forbidden();
            case NOT_FOUND -> throw MetabaseErrors.notFound();
            case SERVER_ERROR ->
                throw MetabaseErrors.thrown("Connections could not be acquired from the underlying database!");
            case BAD_GATEWAY -> throw MetabaseErrors.badGateway();
            case UNAVAILABLE -> throw MetabaseErrors.unavailable();
            case HTML_200 -> throw MetabaseErrors.page();
            default -> {}
        }
    }
}
