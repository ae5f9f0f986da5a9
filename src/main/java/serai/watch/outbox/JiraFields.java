package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Fields that only the server knows, from a rule's options {@code jira_<name>}. The server describes their values. */
final class JiraFields {

    private static final Set<String> PLAIN = Set.of("string", "date", "datetime");
    private static final String TYPES = "com.atlassian.jira.plugin.system.customfieldtypes:";
    private static final Set<String> CHOSEN =
            Set.of(TYPES + "multicheckboxes", TYPES + "multiselect", TYPES + "radiobuttons");

    private JiraFields() {}

    /**
     * Adds fields.
     *
     * @param known the server's list of its fields
     * @param custom values by the names of fields
     * @param fields gets the values by the ids of fields
     * @throws IllegalArgumentException when the server has no such field
     */
    static void put(JsonNode known, JsonNode custom, ObjectNode fields) {
        for (Map.Entry<String, JsonNode> one : custom.properties()) {
            JsonNode field = find(known, one.getKey());
            fields.set(field.path("id").asText(), shaped(one.getValue(), field.path("schema")));
        }
    }

    private static JsonNode find(JsonNode known, String name) {
        for (String identifier : new String[] {"name", "id"}) {
            for (JsonNode field : known) {
                if (field.path(identifier)
                        .asText()
                        .replace('_', ' ')
                        .toLowerCase(Locale.ROOT)
                        .equals(name.toLowerCase(Locale.ROOT))) {
                    return field;
                }
            }
        }
        throw new IllegalArgumentException("jira_" + name.replace(' ', '_') + ": Jira has no such field");
    }

    private static JsonNode shaped(JsonNode value, JsonNode schema) {
        String type = schema.path("type").asText();
        boolean chosen = CHOSEN.contains(schema.path("custom").asText());
        if (!type.equals("array")) {
            return one(value, type, chosen);
        }
        ArrayNode values = JsonNodeFactory.instance.arrayNode();
        (value.isArray() ? value : JsonNodeFactory.instance.arrayNode().add(value))
                .forEach(v -> values.add(one(v, schema.path("items").asText(), chosen)));
        return values;
    }

    private static JsonNode one(JsonNode value, String type, boolean chosen) {
        if (type.equals("option") || chosen) {
            return JsonNodeFactory.instance.objectNode().set("value", value);
        }
        if (PLAIN.contains(type)) {
            return value;
        }
        return type.equals("number")
                ? JsonNodeFactory.instance.numberNode((long) value.asDouble())
                : JsonNodeFactory.instance.objectNode().set("name", value);
    }
}
