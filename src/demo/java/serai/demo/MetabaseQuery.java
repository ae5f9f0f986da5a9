package serai.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a download requests: docs/reference/metabase.md, "CSV queries".
 *
 * @param formatted {@code format_rows}
 * @param bom {@code csv_include_bom}
 */
record MetabaseQuery(Parameters parameters, boolean formatted, boolean bom) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> KEYS = Set.of("parameters", "format_rows", "pivot_results", "csv_include_bom");
    /** For each kind of tag, the types of parameters that may set it. */
    private static final Map<String, List<String>> ALLOWED = Map.of(
            "date", List.of(":category", ":date", ":date/all-options", ":date/single", ":id"),
            "date/single", List.of(":date", ":date/all-options", ":date/single"),
            "date/range", List.of(":date/all-options", ":date/range"),
            "date/all-options",
                    List.of(
                            ":date",
                            ":date/all-options",
                            ":date/month-year",
                            ":date/quarter-year",
                            ":date/range",
                            ":date/relative",
                            ":date/single"),
            "number", List.of(":category", ":id", ":number", ":number/="),
            "text", List.of(":category", ":id", ":string/=", ":text"));

    /**
     * @param version the minor version, such as 55: it decides whether JSON bodies (from 53) or query strings (up to
     *     52) are read
     * @param formattedByDefault the default of {@code format_rows}
     */
    static MetabaseQuery read(Request request, Card card, int version, boolean formattedByDefault) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        if (version <= 52) {
            request.query()
                    .forEach((k, v) -> fields.put(k, JSON.getNodeFactory().textNode(v)));
        }
        request.form().forEach((k, v) -> fields.put(k, JSON.getNodeFactory().textNode(v)));
        if (version >= 53 && request.isOf("application/json")) {
            tree("body", request.text()).properties().forEach(e -> fields.put(e.getKey(), e.getValue()));
        }
        for (String key : fields.keySet()) {
            if (!KEYS.contains(key)) {
                throw MetabaseErrors.field(400, key, "disallowed key");
            }
        }
        bool(fields, "pivot_results", false);
        return new MetabaseQuery(
                parameters(fields.get("parameters"), card),
                bool(fields, "format_rows", formattedByDefault),
                bool(fields, "csv_include_bom", false));
    }

    private static boolean bool(Map<String, JsonNode> fields, String key, boolean otherwise) {
        String text = fields.containsKey(key) ? fields.get(key).asText() : String.valueOf(otherwise);
        if (!text.equals("true") && !text.equals("false")) {
            throw MetabaseErrors.field(400, key, "nullable value must be a valid boolean string ('true' or 'false').");
        }
        return text.equals("true");
    }

    private static Parameters parameters(JsonNode field, Card card) {
        JsonNode array = field != null && field.isTextual() ? tree("parameters", field.asText()) : field;
        if (array == null || array.isNull()) {
            return Parameters.NONE;
        }
        if (!array.isArray()) {
            throw MetabaseErrors.field(
                    400,
                    "parameters",
                    "nullable sequence of parameter. parameter must be a map with :id and :type keys");
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (JsonNode parameter : array) {
            Card.Tag tag = tag(parameter, card);
            check(parameter, tag);
            JsonNode value = parameter.path("value");
            if (!value.isMissingNode() && !value.isNull()) {
                values.put(tag.name(), value.isArray() ? texts(value) : List.of(value.asText()));
            }
        }
        values.forEach((name, texts) -> texts.forEach(text -> checkDate(card, name, text)));
        return new Parameters(values);
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    /**
     * By the target's template tag; without a target, by the id that the card itself gives to the parameter of a tag.
     */
    private static Card.Tag tag(JsonNode parameter, Card card) {
        JsonNode target = parameter.path("target");
        String name = target.isMissingNode()
                ? parameter.path("id").asText()
                : target.path(1).path(1).asText();
        Card.Tag tag = card.tags().stream()
                .filter(t -> t.name().equals(name))
                .findFirst()
                .orElseThrow(() -> MetabaseErrors.thrown("Invalid parameter: Card " + card.id()
                        + " does not have a template tag named \"" + name + "\"."));
        String kind = tag.field() ? "dimension" : "variable";
        if (!target.isMissingNode()
                && !(target.path(0).asText().equals(kind)
                        && target.path(1).path(0).asText().equals("template-tag"))) {
            throw MetabaseErrors.thrown("Invalid parameter: the target of \"" + name + "\" must be [\"" + kind
                    + "\",[\"template-tag\",\"" + name + "\"]].");
        }
        return tag;
    }

    private static void check(JsonNode parameter, Card.Tag tag) {
        if (!parameter.has("type")) {
            return;
        }
        String type = ":" + parameter.get("type").asText();
        List<String> allowed = ALLOWED.getOrDefault(tag.type(), List.of(":" + tag.type()));
        if (!allowed.contains(type)) {
            throw MetabaseErrors.thrown("Invalid parameter type " + type + " for parameter \"" + tag.name()
                    + "\". Parameter type must be one of: " + String.join(", ", allowed));
        }
    }

    /** A date that Metabase cannot read makes the query fail, not the request. */
    private static void checkDate(Card card, String name, String text) {
        boolean single = card.tags().stream()
                .anyMatch(t ->
                        t.name().equals(name) && Set.of("date", "date/single").contains(t.type()));
        if (single && !text.matches("\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?)?")) {
            throw new IllegalArgumentException("Don't know how to parse date string \"" + text + "\"");
        }
    }

    private static JsonNode tree(String field, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw MetabaseErrors.field(400, field, "Malformed JSON");
        }
    }
}
