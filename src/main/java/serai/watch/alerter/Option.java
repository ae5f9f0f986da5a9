package serai.watch.alerter;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import serai.watch.message.FormattedText;
import serai.watch.message.MatchTemplate;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;
import serai.watch.template.TemplateException;

/**
 * An option that an alerter reads from a rule: its name, the kind of its value and its default. A value of another kind
 * is refused with the rule. An option without a value counts as not given.
 *
 * @param <T> what the value is read as
 */
public final class Option<T> {

    /** Reads the option from a rule; null when it is not given. */
    interface Reader<T> {
        T read(AlerterOptions options) throws RuleException;
    }

    /** Converts the value of an option that is given. */
    private interface Conversion<T> {
        /** @throws IllegalArgumentException when the value is wrong, with the reason */
        T convert(Object value, AlerterOptions options) throws RuleException;
    }

    private final List<String> names;
    private final String kind;
    private final Reader<T> reader;
    private final T otherwise;
    private final boolean required;

    private Option(List<String> names, String kind, Reader<T> reader, T otherwise, boolean required) {
        this.names = names;
        this.kind = kind;
        this.reader = reader;
        this.otherwise = otherwise;
        this.required = required;
    }

    private static <T> Option<T> of(String name, String kind, Conversion<T> conversion) {
        return group(List.of(name), kind, options -> {
            Object value = options.value(name);
            try {
                return value == null ? null : conversion.convert(value, options);
            } catch (IllegalArgumentException e) {
                throw options.refused(name, e.getMessage());
            }
        });
    }

    /** Several options that are read together. */
    static <T> Option<T> group(List<String> names, String kind, Reader<T> reader) {
        return new Option<>(names, kind, reader, null, false);
    }

    /** The same option with a default. */
    Option<T> or(T value) {
        return new Option<>(names, kind, reader, value, required);
    }

    /** The same option, which every rule with the alerter must have. */
    Option<T> required() {
        return new Option<>(names, kind, reader, otherwise, true);
    }

    /** Anything, as the YAML file has it. */
    static Option<Object> any(String name) {
        return of(name, "any value", (value, options) -> value);
    }

    /** A text. */
    static Option<String> text(String name) {
        return of(name, "text", (value, options) -> text(value));
    }

    /** A text, a number or a flag, as Python prints it. */
    static Option<String> scalar(String name) {
        return of(name, "text or number", (value, options) -> Python.str(value));
    }

    /** One of some texts. */
    static Option<String> oneOf(String name, String... allowed) {
        String all = Stream.of(allowed).sorted().collect(Collectors.joining(", "));
        return of(name, "one of " + all, (value, options) -> {
            require(List.of(allowed).contains(text(value)), "must be one of " + all);
            return (String) value;
        });
    }

    /** A text, or a list of texts; empty unless given. */
    static Option<List<String>> texts(String name) {
        return of(name, "text or list of texts", (value, options) -> texts(value))
                .or(List.of());
    }

    /**
     * Web addresses; none unless given, or when the list is empty. A wrong one is refused without being shown, because
     * it may hold a secret.
     */
    static Option<List<String>> urls(String name) {
        return of(name, "address or list of addresses", (value, options) -> {
                    List<String> urls = texts(value);
                    require(
                            urls.stream().allMatch(Option::isUrl),
                            "must be a complete address that begins with https:// or http://;"
                                    + " is its environment variable set?");
                    return urls.isEmpty() ? null : urls;
                })
                .or(List.of());
    }

    /** True or false; false unless given. */
    static Option<Boolean> flag(String name) {
        return of(name, "true or false", (value, options) -> {
                    require(value instanceof Boolean, "must be true or false");
                    return (Boolean) value;
                })
                .or(false);
    }

    /** A whole number within limits. */
    static Option<Integer> whole(String name, int least, int most) {
        return of(name, "whole number from " + least + " to " + most, (value, options) -> {
            double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
            require(number == Math.rint(number), "must be a whole number");
            require(number >= least && number <= most, "must be " + least + " to " + most);
            return (int) number;
        });
    }

    /** A number of days. */
    static Option<Double> days(String name) {
        return of(name, "number of days", (value, options) -> {
            double days = value instanceof Number n ? n.doubleValue() : Double.NaN;
            require(days >= 0 && days <= 100_000, "must be a number of days");
            return days;
        });
    }

    /** A time such as {@code minutes: 5}. */
    static Option<Duration> time(String name) {
        return of(name, "time", (value, options) -> options.rule().fileOptions().time(name, null));
    }

    /** A map; empty unless given. */
    static Option<Map<String, Object>> map(String name) {
        return of(name, "map", (value, options) -> map(value)).or(Map.of());
    }

    /**
     * A list of maps; empty unless given.
     *
     * @param entry what an entry is a map of
     */
    static Option<List<Map<String, Object>>> maps(String name, String entry, Predicate<Map<String, Object>> fits) {
        return of(name, "list of maps of " + entry, (value, options) -> {
                    List<Map<String, Object>> maps = new ArrayList<>();
                    for (Object item : value instanceof List<?> list ? list : List.of(value)) {
                        require(item instanceof Map && fits.test(map(item)), "each entry must be a map of " + entry);
                        maps.add(map(item));
                    }
                    return maps;
                })
                .or(List.of());
    }

    /** A text that names fields of the match: {@code {user}}. */
    static Option<FormattedText> withFields(String name) {
        return of(name, "text with {field}", (value, options) -> FormattedText.byField(options.rule(), text(value)));
    }

    /** A text with values by position, whose fields are a list in another option; plain text when there are none. */
    static Option<FormattedText> withFields(String name, String fieldsOption) {
        return of(name, "text with {} for each of " + fieldsOption, (value, options) -> {
            List<String> fields = texts(fieldsOption).read(options);
            return fields.isEmpty()
                    ? FormattedText.literal(text(value))
                    : FormattedText.byPosition(options.rule(), text(value), fields);
        });
    }

    /** Texts that name fields of the match; empty unless given. */
    static Option<List<FormattedText>> textsWithFields(String name) {
        return of(
                        name,
                        "text or list of texts with {field}",
                        (value, options) -> texts(value).stream()
                                .map(text -> FormattedText.byField(options.rule(), text))
                                .toList())
                .or(List.of());
    }

    /** A map of Jinja templates; empty unless given. */
    static Option<Map<String, MatchTemplate>> templates(String name) {
        return of(name, "map of Jinja templates", (value, options) -> {
                    Map<String, MatchTemplate> templates = new LinkedHashMap<>();
                    for (Map.Entry<String, Object> one : map(value).entrySet()) {
                        templates.put(one.getKey(), template(options, Python.str(one.getValue())));
                    }
                    return templates;
                })
                .or(Map.of());
    }

    /** @throws IllegalArgumentException when the text is not a Jinja template */
    static MatchTemplate template(AlerterOptions options, String text) {
        try {
            return MatchTemplate.of(options.rule(), text);
        } catch (TemplateException e) {
            throw new IllegalArgumentException("is not a Jinja template: " + e.getMessage(), e);
        }
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException(reason);
        }
    }

    private static String text(Object value) {
        require(value instanceof String, "must be a text; put it in quotes");
        return (String) value;
    }

    private static List<String> texts(Object value) {
        List<?> values = value instanceof List<?> list ? list : List.of(value);
        require(values.stream().allMatch(String.class::isInstance), "must be a text or a list of texts");
        return values.stream().map(String.class::cast).toList();
    }

    private static Map<String, Object> map(Object value) {
        require(value instanceof Map, "must be a map");
        Map<String, Object> named = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((name, one) -> named.put(Python.str(name), one));
        return named;
    }

    static boolean isUrl(String text) {
        try {
            URI address = new URI(text);
            return List.of("https", "http").contains(String.valueOf(address.getScheme())) && address.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** @throws RuleException when the option is required and not given, or its value is wrong */
    T read(AlerterOptions options) throws RuleException {
        T value = reader.read(options);
        if (required && value == null) {
            throw options.refused(name(), "is required by this alerter");
        }
        return value == null ? otherwise : value;
    }

    /** The name in rule files; of a group the first. */
    public String name() {
        return names.get(0);
    }

    /** All names in rule files: several when options are read together. */
    public List<String> names() {
        return names;
    }

    /** What the value is, for the documentation. */
    public String kind() {
        return kind;
    }

    /** The default, for the documentation; empty when there is none. */
    public String defaultText() {
        return otherwise == null ? "" : String.valueOf(otherwise);
    }

    /** Whether every rule with the alerter must have it. */
    public boolean isRequired() {
        return required;
    }
}
