package serai.watch.message;

import java.util.AbstractMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.Python;
import serai.watch.python.PythonFormat;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * A text with values of a match in it, in Python's format. It is parsed once, so that a mistake is refused with the
 * rule. Its methods that make one throw {@link IllegalArgumentException} with the reason.
 */
public final class FormattedText {

    /** Finds the values of one match. */
    private interface Values {
        String fill(Map<String, Object> match);
    }

    private final String text;
    private final Values values;

    private FormattedText(String text, Values values) {
        this.text = text;
        this.values = values;
    }

    /** A text without values. */
    public static FormattedText literal(String text) {
        return new FormattedText(text, match -> text);
    }

    /**
     * Values by position. A field that the match lacks is looked up in the rule's public options.
     *
     * @param fields the field of each position
     */
    public static FormattedText byPosition(Rule rule, String text, List<String> fields) {
        PythonFormat format = new PythonFormat(text);
        format.require(fields.size(), Set.of());
        return new FormattedText(
                text,
                match -> format.apply(
                        fields.stream().map(field -> value(rule, match, field)).toList(), Map.of()));
    }

    private static Object value(Rule rule, Map<String, Object> match, String field) {
        Object value = Document.lookup(match, field);
        Object option = PublicOptions.of(rule, field);
        value = value == null && Python.truthy(option) ? option : value;
        return value == null ? missing(rule) : value;
    }

    /**
     * Values by name. A field that the match lacks is looked up in the rule's public options.
     *
     * @param names the name in the text for each field
     */
    static FormattedText byName(Rule rule, String text, Map<String, String> names) {
        PythonFormat format = new PythonFormat(text);
        format.require(0, new HashSet<>(names.values()));
        return new FormattedText(text, match -> {
            Map<String, Object> named = new LinkedHashMap<>();
            names.forEach((field, name) -> {
                Object value = Document.lookup(match, field);
                value = value == null ? PublicOptions.of(rule, field) : value;
                named.put(name, value == null ? missing(rule) : value);
            });
            return format.apply(List.of(), named);
        });
    }

    /** Values by the names of the match's own fields: {@code {user}}. */
    public static FormattedText byField(Rule rule, String text) {
        PythonFormat format = new PythonFormat(text);
        return new FormattedText(text, match -> format.apply(List.of(), new AllFields(match, missing(rule))));
    }

    /** The text with values by position; as it is when they do not fit it. */
    public static String fill(String text, List<Object> values) {
        try {
            PythonFormat format = new PythonFormat(text);
            format.require(values.size(), Set.of());
            return format.apply(values, Map.of());
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** What a rule shows for a field that the match lacks: {@code alert_missing_value}. */
    public static Object missing(Rule rule) {
        Object own = rule.option("alert_missing_value");
        return own == null ? "<MISSING VALUE>" : own;
    }

    /** The text for a match. */
    public String of(Map<String, Object> match) {
        return values.fill(match);
    }

    /** The text without values. */
    @Override
    public String toString() {
        return text;
    }

    /** A match in which every name has a value. */
    private static final class AllFields extends AbstractMap<String, Object> {

        private final Map<String, Object> match;
        private final Object missing;

        AllFields(Map<String, Object> match, Object missing) {
            this.match = match;
            this.missing = missing;
        }

        @Override
        public boolean containsKey(Object key) {
            return true;
        }

        @Override
        public Object get(Object key) {
            Object value = Document.lookup(match, String.valueOf(key));
            return value == null ? missing : value;
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return match.entrySet();
        }
    }
}
