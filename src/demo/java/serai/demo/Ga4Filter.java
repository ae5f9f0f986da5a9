package serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A dimensionFilter of the Data API. Case does not count unless the filter says so. */
final class Ga4Filter {

    private Ga4Filter() {}

    /** @param expression missing for none */
    static Predicate<Map<String, String>> of(JsonNode expression) {
        if (expression.isMissingNode()) {
            return row -> true;
        }
        if (expression.has("andGroup")) {
            return group(expression.get("andGroup")).reduce(row -> true, Predicate::and);
        }
        if (expression.has("orGroup")) {
            return group(expression.get("orGroup")).reduce(row -> false, Predicate::or);
        }
        if (expression.has("notExpression")) {
            return of(expression.get("notExpression")).negate();
        }
        JsonNode filter = expression.path("filter");
        String field = filter.path("fieldName").asText();
        Ga4Request.requireDimension(field);
        Predicate<String> value = filter.has("inListFilter")
                ? in(filter.get("inListFilter"))
                : filter.has("emptyFilter") ? String::isEmpty : string(filter.path("stringFilter"));
        return row -> value.test(row.getOrDefault(field, "(not set)"));
    }

    private static Stream<Predicate<Map<String, String>>> group(JsonNode group) {
        return group.path("expressions").valueStream().map(Ga4Filter::of);
    }

    private static String folded(JsonNode filter, String text) {
        return filter.path("caseSensitive").asBoolean() ? text : text.toLowerCase(Locale.ROOT);
    }

    private static Predicate<String> in(JsonNode filter) {
        return text -> filter.path("values")
                .valueStream()
                .anyMatch(value -> folded(filter, value.asText()).equals(folded(filter, text)));
    }

    private static Predicate<String> string(JsonNode filter) {
        String value = folded(filter, filter.path("value").asText());
        return text -> {
            String folded = folded(filter, text);
            return switch (filter.path("matchType").asText("EXACT")) {
                case "EXACT" -> folded.equals(value);
                case "BEGINS_WITH" -> folded.startsWith(value);
                case "ENDS_WITH" -> folded.endsWith(value);
                case "CONTAINS" -> folded.contains(value);
                case "FULL_REGEXP" -> Pattern.matches(value, folded);
                case "PARTIAL_REGEXP" -> Pattern.compile(value).matcher(folded).find();
                default -> throw Ga4Errors.invalid("Invalid value at 'dimension_filter' (match_type)");
            };
        };
    }
}
