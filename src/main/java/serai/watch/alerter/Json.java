package serai.watch.alerter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;

/** JSON of values in rules and documents. */
final class Json {

    private static final ObjectMapper JSON = new ObjectMapper().findAndRegisterModules();

    private Json() {}

    static JsonNode read(String text) throws IOException {
        return JSON.readTree(text);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static JsonNode of(Object value) {
        return JSON.valueToTree(value);
    }

    static ObjectNode of(Map<String, ?> values) {
        return JSON.valueToTree(values);
    }

    /** Sets a text field unless the text is empty or null. */
    static void putUnlessEmpty(ObjectNode object, String name, String text) {
        if (text != null && !text.isEmpty()) {
            object.put(name, text);
        }
    }
}
