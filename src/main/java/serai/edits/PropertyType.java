package serai.edits;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import serai.settings.SettingType;

/**
 * Which values a property of a kamelet can have, as its declaration says: {@code type}, {@code format}, {@code enum},
 * {@code minimum}, {@code maximum} and {@code pattern} of JSON Schema.
 *
 * @param type {@code string}, {@code integer}, {@code number} or {@code boolean}
 * @param format one of {@link #FORMATS}, or null
 * @param values the only values, or empty
 */
record PropertyType(
        String type, String format, List<String> values, BigDecimal minimum, BigDecimal maximum, Pattern pattern) {

    private static final Pattern RELATION = Pattern.compile("[a-z_][a-z0-9_]{0,62}\\.[a-z_][a-z0-9_]{0,62}");
    private static final Pattern NAME = Pattern.compile("\\s*[a-z_][a-z0-9_]{0,62}\\s*");

    /** What values of a format must be; each throws an {@code IllegalArgumentException} that says what to write. */
    static final Map<String, Consumer<String>> FORMATS = Map.of(
            "duration", SettingType.duration()::parse,
            "duration-or-all", PropertyType::durationOrAll,
            "cron", SettingType.cron()::parse,
            "zone", SettingType.region()::parse,
            "date", SettingType.day()::parse,
            "relation", text -> require(RELATION, text, "is not a table; write schema.name in lower case"),
            "column", text -> require(NAME, text, "is not a column's name; write it in lower case"),
            "columns", PropertyType::columns);

    static final List<String> TYPES = List.of("string", "integer", "number", "boolean");

    /** @throws IllegalArgumentException when the value does not fit; the message goes on after the value */
    void check(String value) {
        switch (type) {
            case "integer" -> require(Pattern.compile("-?\\d{1,18}"), value, "is not a whole number");
            case "number" -> number(value);
            case "boolean" -> SettingType.flag().parse(value);
            default -> {}
        }
        if (!values.isEmpty() && !values.contains(value)) {
            throw new IllegalArgumentException("is not one of " + String.join(", ", values));
        }
        if (minimum != null && number(value).compareTo(minimum) < 0) {
            throw new IllegalArgumentException("is less than " + minimum.toPlainString());
        }
        if (maximum != null && number(value).compareTo(maximum) > 0) {
            throw new IllegalArgumentException("is more than " + maximum.toPlainString());
        }
        if (pattern != null) {
            require(pattern, value, "does not match the pattern " + pattern);
        }
        if (format != null) {
            FORMATS.get(format).accept(value);
        }
    }

    private static BigDecimal number(String value) {
        try {
            return new BigDecimal(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a number", e);
        }
    }

    private static void require(Pattern pattern, String value, String otherwise) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    private static void durationOrAll(String value) {
        if (value.equals("all")) {
            return;
        }
        if (value.toLowerCase(Locale.ROOT).equals("all")) {
            throw new IllegalArgumentException("is not a duration; write 'all' in lower case");
        }
        try {
            SettingType.duration().parse(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + ", or 'all'", e);
        }
    }

    private static void columns(String value) {
        for (String name : value.split(",", -1)) {
            require(NAME, name, "is not a list of column names; write them in lower case, separated by commas");
        }
    }
}
