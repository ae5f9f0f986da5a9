package serai.watch.alerter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.RuleException;
import serai.watch.template.Template;
import serai.watch.template.TemplateException;

/**
 * Each match as JSON that the rule's own Jinja templates make: {@code post2}. Headers and parts of the payload that
 * hold no template are put in when it is sent, since they may hold a key. A template that does not fit a match gives
 * the match itself in place of the payload.
 */
final class HttpPost2 implements Alerter {

    private final AlerterOptions given;
    private final List<HttpDestination> addresses = new ArrayList<>();
    private final Template payload;
    private final Template headers;
    private final Map<String, Object> raw;
    private final boolean all;

    private HttpPost2(AlerterOptions given) throws RuleException {
        this.given = given.require("http_post2_url");
        Object body = given.value("http_post2_payload");
        boolean text = body instanceof String;
        if (body != null && !text && !(body instanceof Map)) {
            throw given.refused("http_post2_payload", "must be a map, or a text of JSON");
        }
        ObjectNode parts = text || body == null ? Json.object() : (ObjectNode) Json.of(body);
        this.payload = given.template(
                "http_post2_payload", text ? (String) body : split(parts, true).toString());
        this.raw = given.map("http_post2_raw_fields");
        this.all = given.flag("http_post2_all_values", body == null || parts.isEmpty() && !text);
        ObjectNode named = Json.of(given.map("http_post2_headers"));
        this.headers = given.template("http_post2_headers", split(named, true).toString());
        Map<String, Object> literal = new LinkedHashMap<>();
        split(named, false)
                .properties()
                .forEach(h -> literal.put(h.getKey(), h.getValue().asText()));
        HttpOptions connection = AlerterHttpOptions.of(given, "http_post2");
        for (String url : given.urls("http_post2_url")) {
            addresses.add(HttpDestination.of("http", url, connection)
                    .withHeaders(HttpPost.headers(literal))
                    .withFixed(split(parts, false)));
        }
    }

    static Alerter of(AlerterOptions given) throws RuleException {
        return new HttpPost2(given);
    }

    /** The parts that hold a template, or those that hold none. */
    private static ObjectNode split(ObjectNode parts, boolean templates) {
        ObjectNode some = Json.object();
        parts.properties().forEach(part -> {
            boolean mixed = part.getValue() instanceof ObjectNode inner && !inner.isEmpty();
            boolean template = (part.getKey() + part.getValue()).contains("{{")
                    || (part.getKey() + part.getValue()).contains("{%");
            if (mixed) {
                ObjectNode inner = split((ObjectNode) part.getValue(), templates);
                if (!inner.isEmpty()) {
                    some.set(part.getKey(), inner);
                }
            } else if (template == templates) {
                some.set(part.getKey(), part.getValue());
            }
        });
        return some;
    }

    @Override
    public String name() {
        return "post2";
    }

    @Override
    public List<Destination> destinations() {
        return List.copyOf(addresses);
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("type", "http_post2");
    }

    @Override
    public List<Message> messages(Alert alert) {
        List<Message> messages = new ArrayList<>();
        for (Map<String, Object> match : alert.matches()) {
            ObjectNode body = body(match);
            ObjectNode extra = Json.object();
            ObjectNode own = rendered(headers, match);
            if (own != null && !own.isEmpty()) {
                own.properties()
                        .removeIf(header -> header.getValue().isContainerNode()
                                || header.getValue().isNull());
                extra.set("headers", own);
            }
            addresses.forEach(address -> messages.add(new Message(address, body.deepCopy(), extra)));
        }
        return messages;
    }

    private ObjectNode body(Map<String, Object> match) {
        ObjectNode made = rendered(payload, match);
        ObjectNode body = all || made == null ? Json.of(match) : Json.object();
        if (made == null) {
            body.put(
                    "serai_note",
                    "The template of http_post2_payload does not fit this match of the rule "
                            + given.rule().name());
        } else {
            // what is put in at sending must find no field of the match in its place
            addresses.stream()
                    .findFirst()
                    .ifPresent(address -> body.remove(address.fixed().properties().stream()
                            .filter(field -> !field.getValue().getNodeType().equals(JsonNodeType.OBJECT))
                            .map(Map.Entry::getKey)
                            .toList()));
            body.setAll(made);
        }
        raw.forEach((name, field) -> body.set(name, Json.of(Document.lookup(match, Python.str(field)))));
        return body;
    }

    /** @return null when the template does not fit, or gives no JSON object */
    private ObjectNode rendered(Template template, Map<String, Object> match) {
        try {
            Map<String, Object> escaped = new LinkedHashMap<>();
            match.forEach((name, value) -> escaped.put(name, escaped(value)));
            JsonNode made = Json.read(template.render(given.variables(escaped)));
            return made instanceof ObjectNode object ? object : null;
        } catch (TemplateException | IOException e) {
            return null;
        }
    }

    /** Texts as they stand inside JSON's quotes. */
    private static Object escaped(Object value) {
        if (value instanceof String text) {
            String quoted = Json.of((Object) text).toString();
            return quoted.substring(1, quoted.length() - 1);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> inner = new LinkedHashMap<>();
            map.forEach((name, own) -> inner.put(name, escaped(own)));
            return inner;
        }
        return value instanceof List<?> list
                ? list.stream().map(HttpPost2::escaped).toList()
                : value;
    }
}
