package serai.load;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Properties of kamelets that are lists, separated by commas. */
final class PropertyLists {

    /** A pair, or nothing, with the comma behind it. */
    private static final Pattern PAIR = Pattern.compile(
            "\\s*(?:(?:\"(?<quoted>(?:[^\"]|\"\")*)\"|(?<plain>[^,=\"][^,=]*))\\s*=(?<column>[^,=]*))?\\s*(?:,|$)");

    private PropertyLists() {}

    /** The items, without the white space around them. */
    static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /**
     * {@code Printed name=column} pairs, separated by commas. A name with a comma, an equals sign or quotes around it
     * is written in double quotes, which are doubled inside: {@code "a, b = c"=total}.
     *
     * @param property its name, for the message
     * @throws IllegalArgumentException when an item is no pair
     */
    static Map<String, String> pairs(String property, String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Matcher pair = PAIR.matcher(text);
        int end = 0;
        while (end < text.length()) {
            String rest = text.substring(end).strip();
            if (!pair.find(end) || pair.start() != end) {
                throw new IllegalArgumentException(
                        "'" + property + "': '" + rest + "' does not begin with 'Printed name=column'."
                                + " Write a name with a comma or an equals sign in double quotes.");
            }
            if (pair.group("column") != null) {
                String name = pair.group("quoted") == null
                        ? pair.group("plain").strip()
                        : pair.group("quoted").replace("\"\"", "\"");
                pairs.put(name, pair.group("column").strip());
            }
            end = pair.end();
        }
        return pairs;
    }
}
