package serai.watch.alerter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.MatchTemplate;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.RuleException;
import serai.watch.template.TemplateException;

/**
 * Each match as JSON that the rule's own Jinja templates make: {@code post2}. Headers and parts of the payload without
 * a template are added when the message is sent, because they may hold a key. When the template does not fit a match,
 * the payload is the match itself.
 */
final class HttpPost2 implements Alerter {

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> ADDRESSES = OPTIONS.required().urls("http_post2_url");
    private static final Option<Object> PAYLOAD = OPTIONS.any("http_post2_payload");
    private static final Option<Map<String, Object>> RAW_FIELDS = OPTIONS.map("http_post2_raw_fields");
    private static final Option<Boolean> ALL_VALUES = OPTIONS.flag("http_post2_all_values", null);
    private static final Option<Map<String, Object>> HEADERS = OPTIONS.map("http_post2_headers");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "http_post2");

    static final AlerterType TYPE = new AlerterType("post2", "The server", OPTIONS, HttpPost2::new);

    private final AlerterOptions options;
    private final List<HttpDestination> destinations;
    private final MatchTemplate payload;
    private final MatchTemplate headers;
    private final ObjectNode fixed;
    private final boolean all;

    private HttpPost2(AlerterOptions options) throws RuleException {
        this.options = options;
        Object body = options.get(PAYLOAD);
        boolean isText = body instanceof String;
        if (body != null && !isText && !(body instanceof Map)) {
            throw options.refused(PAYLOAD.name(), "must be a map, or a text of JSON");
        }
        ObjectNode parts = body instanceof Map<?, ?> map ? (ObjectNode) Json.of((Object) map) : Json.object();
        this.fixed = parts(parts, false);
        this.payload =
                template(PAYLOAD, isText ? (String) body : parts(parts, true).toString());
        this.all = options.get(ALL_VALUES) == null ? parts.isEmpty() && !isText : options.get(ALL_VALUES);
        ObjectNode named = Json.of(options.get(HEADERS));
        this.headers = template(HEADERS, parts(named, true).toString());
        Map<String, String> literal = parts(named, false)
                .propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().asText()));
        this.destinations = options.destinations(ADDRESSES, CONNECTION).stream()
                .map(address -> address.withHeaders(literal).withFixed(fixed))
                .toList();
    }

    private MatchTemplate template(Option<?> option, String text) throws RuleException {
        try {
            return OptionList.template(options, text);
        } catch (IllegalArgumentException e) {
            throw options.refused(option.name(), e.getMessage());
        }
    }

    /** The parts of an object that hold a template, or those that hold none. */
    private static ObjectNode parts(ObjectNode object, boolean templates) {
        ObjectNode parts = Json.object();
        object.properties().forEach(part -> {
            String text = part.getKey() + part.getValue();
            if (part.getValue() instanceof ObjectNode inner && !inner.isEmpty()) {
                ObjectNode some = parts(inner, templates);
                if (!some.isEmpty()) {
                    parts.set(part.getKey(), some);
                }
            } else if (templates == (text.contains("{{") || text.contains("{%"))) {
                parts.set(part.getKey(), part.getValue());
            }
        });
        return parts;
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public List<HttpDestination> destinations() {
        return destinations;
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("type", "http_post2");
    }

    @Override
    public List<Message> messages(Alert alert) {
        return alert.matches().stream()
                .flatMap(match -> {
                    ObjectNode body = body(match);
                    ObjectNode extra = extra(match);
                    return destinations.stream().map(destination -> new Message(destination, body.deepCopy(), extra));
                })
                .toList();
    }

    private ObjectNode extra(Map<String, Object> match) {
        ObjectNode extra = Json.object();
        ObjectNode own = rendered(headers, match);
        if (own != null && !own.isEmpty()) {
            own.properties()
                    .removeIf(header -> !header.getValue().isValueNode()
                            || header.getValue().isNull());
            extra.set("headers", own);
        }
        return extra;
    }

    private ObjectNode body(Map<String, Object> match) {
        ObjectNode made = rendered(payload, match);
        ObjectNode body = all || made == null ? Json.of(match) : Json.object();
        if (made == null) {
            body.put(
                    "serai_note",
                    "The template of http_post2_payload does not fit this match of the rule "
                            + options.rule().name());
        } else {
            // a field of the match must not take the place of what is added at sending
            fixed.properties().forEach(field -> {
                if (!field.getValue().isObject()) {
                    body.remove(field.getKey());
                }
            });
            body.setAll(made);
        }
        options.get(RAW_FIELDS)
                .forEach((name, field) -> body.set(name, Json.of(Document.lookup(match, Python.str(field)))));
        return body;
    }

    /** @return null when the template does not fit the match, or does not give a JSON object */
    private static ObjectNode rendered(MatchTemplate template, Map<String, Object> match) {
        try {
            Map<String, Object> escaped = new LinkedHashMap<>();
            match.forEach((name, value) -> escaped.put(name, escaped(value)));
            JsonNode made = Json.read(template.render(escaped));
            return made instanceof ObjectNode object ? object : null;
        } catch (TemplateException | IOException e) {
            return null;
        }
    }

    /** Texts as they are between JSON's quotes. */
    private static Object escaped(Object value) {
        if (value instanceof String text) {
            String quoted = Json.of((Object) text).toString();
            return quoted.substring(1, quoted.length() - 1);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> inner = new LinkedHashMap<>();
            map.forEach((name, one) -> inner.put(name, escaped(one)));
            return inner;
        }
        return value instanceof List<?> list
                ? list.stream().map(HttpPost2::escaped).toList()
                : value;
    }
}
