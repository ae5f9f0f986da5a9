package serai.watch.alerter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.message.PublicOptions;
import serai.watch.python.Python;
import serai.watch.python.PythonFormat;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * A text of an alerter with values of the first match in it: by position from a list of fields, where the rule's option
 * of that name is the second choice, or by the names of the match's own fields. It is read once, so that a mistake is
 * refused with the rule.
 */
final class FormattedText {

    private final Rule rule;
    private final String literal;
    private final PythonFormat format;
    private final List<String> fields;

    private FormattedText(Rule rule, String literal, PythonFormat format, List<String> fields) {
        this.rule = rule;
        this.literal = literal;
        this.format = format;
        this.fields = fields;
    }

    /**
     * The text of an option, with the fields of another; as it stands when there are none. Null when it is not given.
     */
    static FormattedText positional(AlerterOptions given, String option, String argsOption, String otherwise)
            throws RuleException {
        String text = given.string(option, otherwise);
        List<String> fields = given.strings(argsOption);
        return text == null
                ? null
                : fields.isEmpty()
                        ? new FormattedText(given.rule(), text, null, fields)
                        : new FormattedText(given.rule(), text, format(given, option, text, fields.size()), fields);
    }

    /** The text of an option, which names fields of the match: {@code {user}}. Null when it is not given. */
    static FormattedText named(AlerterOptions given, String option, String otherwise) throws RuleException {
        String text = given.string(option, otherwise);
        return text == null ? null : of(given, option, text);
    }

    static FormattedText of(AlerterOptions given, String option, String text) throws RuleException {
        return new FormattedText(given.rule(), text, format(given, option, text, -1), null);
    }

    private static PythonFormat format(AlerterOptions given, String option, String text, int count)
            throws RuleException {
        try {
            PythonFormat format = new PythonFormat(text);
            if (count >= 0) {
                format.require(count, java.util.Set.of());
            }
            return format;
        } catch (IllegalArgumentException e) {
            throw given.refused(option, e.getMessage());
        }
    }

    /** A text with values by position; one that does not fit them stays as it stands. */
    static String of(String text, List<Object> values) {
        try {
            PythonFormat format = new PythonFormat(text);
            format.require(values.size(), java.util.Set.of());
            return format.apply(values, Map.of());
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** The text for a match; a field that is not there becomes {@code alert_missing_value}. */
    String of(Map<String, Object> match) {
        Object missing =
                rule.option("alert_missing_value") == null ? "<MISSING VALUE>" : rule.option("alert_missing_value");
        if (format == null) {
            return literal;
        }
        if (fields == null) {
            return format.apply(List.of(), new Defaulting(match, missing));
        }
        List<Object> values = new ArrayList<>();
        for (String field : fields) {
            Object value = Document.lookup(match, field);
            Object option = PublicOptions.of(rule, field);
            value = value == null && Python.truthy(option) ? option : value;
            values.add(value == null ? missing : value);
        }
        return format.apply(values, Map.of());
    }

    /** A match in which every name has a value. */
    private static final class Defaulting extends java.util.AbstractMap<String, Object> {

        private final Map<String, Object> match;
        private final Object missing;

        Defaulting(Map<String, Object> match, Object missing) {
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
        public java.util.Set<Entry<String, Object>> entrySet() {
            return match.entrySet();
        }
    }
}
