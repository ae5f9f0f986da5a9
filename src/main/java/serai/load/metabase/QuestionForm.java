package serai.load.metabase;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/**
 * The parameters of a question as form fields, which are what all versions of Metabase read. Rows are requested without
 * formatting, which would lose digits: docs/reference/metabase.md, "CSV queries".
 */
final class QuestionForm {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ArrayNode parameters = JSON.createArrayNode();

    /** Adds a date; nothing for an empty tag. */
    void day(String tag, LocalDate day) {
        if (!tag.isBlank()) {
            add(tag, "date/single", day.toString());
        }
    }

    /** @param text pairs {@code tag=value} or {@code tag:type=value}, separated by semicolons */
    void values(String text) {
        for (String pair : text.split(";")) {
            if (!pair.isBlank()) {
                String[] parts = pair.split("=", 2);
                if (parts.length != 2) {
                    throw new IllegalArgumentException(
                            "'parameters' of metabase-report: '" + pair.strip() + "' is not 'tag=value'.");
                }
                String[] tag = parts[0].strip().split(":", 2);
                add(tag[0], tag.length == 2 ? tag[1] : "category", parts[1].strip());
            }
        }
    }

    private void add(String tag, String type, String value) {
        ArrayNode target = parameters
                .addObject()
                .put("type", type)
                .put("value", value)
                .putArray("target")
                .add("variable");
        target.addArray().add("template-tag").add(tag);
    }

    /** The form as the body of a request. */
    String encoded() {
        return "parameters=" + URLEncoder.encode(parameters.toString(), StandardCharsets.UTF_8)
                + "&format_rows=false&pivot_results=false";
    }
}
