package serai.load;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Properties of kamelets that are lists, separated by commas. */
final class PropertyLists {

    private PropertyLists() {}

    /** The items, without the white space around them. */
    static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /**
     * {@code Printed name=column} pairs.
     *
     * @param property its name, for the message
     * @throws IllegalArgumentException when an item is no pair
     */
    static Map<String, String> pairs(String property, String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : list(text)) {
            String[] parts = pair.split("=", 2);
            if (parts.length != 2) {
                throw new IllegalArgumentException("'" + property + "': '" + pair + "' is not 'Printed name=column'.");
            }
            pairs.put(parts[0].strip(), parts[1].strip());
        }
        return pairs;
    }
}
