package serai.load.metabase;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a question as form fields, which are what all versions of Metabase read. Rows are requested without
 * formatting, which would lose digits: docs/reference/metabase.md, "CSV queries".
 */
final class QuestionForm {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A type may end with an equals sign, as {@code string/=}. */
    private static final Pattern PARAMETER = Pattern.compile(
            "(?<tag>[^:=]+?)\\s*(?::\\s*(?<dimension>dimension\\s*:)?\\s*(?<type>[a-z-]+(?:/(?:!?=|[a-z-]+))?))?"
                    + "\\s*=\\s*(?<value>.*)",
            Pattern.DOTALL);

    private final ArrayNode parameters = JSON.createArrayNode();

    /** Adds a date variable; nothing for an empty tag. */
    void day(String tag, LocalDate day) {
        if (!tag.isBlank()) {
            add("variable", tag, "date/single").put("value", day.toString());
        }
    }

    /**
     * Adds a field filter for days.
     *
     * @param end the day after the last
     */
    void days(String tag, LocalDate first, LocalDate end) {
        add("dimension", tag, "date/range").put("value", first + "~" + end.minusDays(1));
    }

    /**
     * Adds variables and field filters. A field filter may have several values, separated by commas.
     *
     * @param text {@code tag=value}, {@code tag:type=value} or {@code tag:dimension:type=values}, separated by
     *     semicolons
     */
    void values(String text) {
        for (String pair : text.split(";")) {
            Matcher parts = PARAMETER.matcher(pair.strip());
            if (parts.matches() && parts.group("dimension") != null) {
                ArrayNode values = add("dimension", parts.group("tag"), parts.group("type"))
                        .putArray("value");
                for (String value : parts.group("value").split(",")) {
                    values.add(value.strip());
                }
            } else if (parts.matches()) {
                String type = parts.group("type") == null ? "category" : parts.group("type");
                add("variable", parts.group("tag"), type).put("value", parts.group("value"));
            } else if (!pair.isBlank()) {
                throw new IllegalArgumentException("'parameters' of metabase-report: '" + pair.strip()
                        + "' is not 'tag=value', 'tag:type=value' or 'tag:dimension:type=values'.");
            }
        }
    }

    private ObjectNode add(String target, String tag, String type) {
        ObjectNode parameter = parameters.addObject().put("type", type);
        parameter.putArray("target").add(target).addArray().add("template-tag").add(tag);
        return parameter;
    }

    /** The form as the body of a request. */
    String encoded() {
        return "parameters=" + URLEncoder.encode(parameters.toString(), StandardCharsets.UTF_8)
                + "&format_rows=false&pivot_results=false";
    }
}
