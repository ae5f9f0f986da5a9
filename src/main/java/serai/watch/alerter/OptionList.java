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
import serai.http.HostAlias;
import serai.watch.message.FormattedText;
import serai.watch.message.MatchTemplate;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;
import serai.watch.template.TemplateException;

/**
 * The options of one kind of alerter. Each method adds an option of a kind and returns it; a value of another kind is
 * refused with the rule. An option without a value counts as not given, and is its default then: null, or empty, unless
 * the method takes one.
 */
final class OptionList {

    /** Converts the value of an option that is given. */
    private interface Conversion<T> {
        /** @throws IllegalArgumentException when the value is wrong, with the reason */
        T convert(Object value, AlerterOptions options) throws RuleException;
    }

    private final List<Option<?>> options;
    private final boolean required;

    /** An empty list. */
    OptionList() {
        this(new ArrayList<>(), false);
    }

    private OptionList(List<Option<?>> options, boolean required) {
        this.options = options;
        this.required = required;
    }

    /** The same list, which adds options that every rule with the alerter must have. */
    OptionList required() {
        return new OptionList(options, true);
    }

    /** All options, in the order in which they were added. */
    List<Option<?>> all() {
        return List.copyOf(options);
    }

    /** Options that are read together. */
    <T> Option<T> group(List<String> names, String kind, Option.Reader<T> reader) {
        return add(names, kind, null, reader);
    }

    private <T> Option<T> add(List<String> names, String kind, T otherwise, Option.Reader<T> reader) {
        Option<T> option = new Option<>(options.size(), names, kind, reader, otherwise, required);
        options.add(option);
        return option;
    }

    private <T> Option<T> add(String name, String kind, T otherwise, Conversion<T> conversion) {
        Option.Reader<T> reader = given -> {
            Object value = given.value(name);
            try {
                return value == null ? null : conversion.convert(value, given);
            } catch (IllegalArgumentException e) {
                throw given.refused(name, e.getMessage());
            }
        };
        return add(List.of(name), kind, otherwise, reader);
    }

    /** Anything, as the YAML file has it. */
    Option<Object> any(String name) {
        return add(name, "any value", null, (value, given) -> value);
    }

    /** A text. */
    Option<String> text(String name) {
        return text(name, null);
    }

    Option<String> text(String name, String otherwise) {
        return add(name, "text", otherwise, (value, given) -> asText(value));
    }

    /** A text, a number or a flag, as Python prints it. */
    Option<String> scalar(String name) {
        return scalar(name, null);
    }

    Option<String> scalar(String name, String otherwise) {
        return add(name, "text or number", otherwise, (value, given) -> Python.str(value));
    }

    /** One of some texts. */
    Option<String> oneOf(String name, String otherwise, String... allowed) {
        String all = Stream.of(allowed).sorted().collect(Collectors.joining(", "));
        return add(name, "one of " + all, otherwise, (value, given) -> {
            require(List.of(allowed).contains(asText(value)), "must be one of " + all);
            return (String) value;
        });
    }

    /** A text, or a list of texts. */
    Option<List<String>> texts(String name) {
        return add(name, "text or list of texts", List.of(), (value, given) -> asTexts(value));
    }

    /** Web addresses; an empty list counts as not given. A wrong one is not shown, because it may hold a secret. */
    Option<List<String>> urls(String name) {
        return add(name, "address or list of addresses", List.of(), (value, given) -> {
            List<String> urls = asTexts(value);
            if (!urls.stream().allMatch(OptionList::isUrl)) {
                throw given.missing(
                        name,
                        "must be a complete address that begins with https:// or http://;"
                                + " is its environment variable set?");
            }
            return urls.isEmpty() ? null : urls;
        });
    }

    /** True or false; false unless given. */
    Option<Boolean> flag(String name) {
        return flag(name, false);
    }

    Option<Boolean> flag(String name, Boolean otherwise) {
        return add(name, "true or false", otherwise, (value, given) -> {
            require(value instanceof Boolean, "must be true or false");
            return (Boolean) value;
        });
    }

    /** A whole number within limits. */
    Option<Integer> whole(String name, Integer otherwise, int least, int most) {
        return add(name, "whole number from " + least + " to " + most, otherwise, (value, given) -> {
            double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
            require(number == Math.rint(number), "must be a whole number");
            require(number >= least && number <= most, "must be " + least + " to " + most);
            return (int) number;
        });
    }

    /** A number of days. */
    Option<Double> days(String name, double otherwise) {
        return add(name, "number of days", otherwise, (value, given) -> {
            double days = value instanceof Number n ? n.doubleValue() : Double.NaN;
            require(days >= 0 && days <= 100_000, "must be a number of days");
            return days;
        });
    }

    /** A time such as {@code minutes: 5}. */
    Option<Duration> time(String name) {
        return add(
                name, "time", null, (value, given) -> given.rule().fileOptions().time(name, null));
    }

    /** A map. */
    Option<Map<String, Object>> map(String name) {
        return add(name, "map", Map.of(), (value, given) -> asMap(value));
    }

    /**
     * A list of maps.
     *
     * @param entry what an entry is a map of
     */
    Option<List<Map<String, Object>>> maps(String name, String entry, Predicate<Map<String, Object>> fits) {
        return add(name, "list of maps of " + entry, List.of(), (value, given) -> {
            List<Map<String, Object>> maps = new ArrayList<>();
            for (Object item : value instanceof List<?> list ? list : List.of(value)) {
                require(item instanceof Map && fits.test(asMap(item)), "each entry must be a map of " + entry);
                maps.add(asMap(item));
            }
            return maps;
        });
    }

    /** A text that names fields of the match: {@code {user}}. */
    Option<FormattedText> withFields(String name, String otherwise) {
        return add(
                name,
                "text with {field}",
                literal(otherwise),
                (value, given) -> FormattedText.byField(given.rule(), asText(value)));
    }

    /** Texts that name fields of the match. */
    Option<List<FormattedText>> textsWithFields(String name) {
        return add(
                name,
                "text or list of texts with {field}",
                List.of(),
                (value, given) -> asTexts(value).stream()
                        .map(text -> FormattedText.byField(given.rule(), text))
                        .toList());
    }

    /** A text with values by position. Their fields are a list in another option; without it the text is plain. */
    Option<FormattedText> withValues(String name, String fieldsOption, String otherwise) {
        Option<List<String>> fields = texts(fieldsOption);
        return add(name, "text with {} for each of " + fieldsOption, literal(otherwise), (value, given) -> {
            List<String> names = fields.read(given);
            return names.isEmpty()
                    ? FormattedText.literal(asText(value))
                    : FormattedText.byPosition(given.rule(), asText(value), names);
        });
    }

    private static FormattedText literal(String text) {
        return text == null ? null : FormattedText.literal(text);
    }

    /** A map of Jinja templates. */
    Option<Map<String, MatchTemplate>> templates(String name) {
        return add(name, "map of Jinja templates", Map.of(), (value, given) -> {
            Map<String, MatchTemplate> templates = new LinkedHashMap<>();
            for (Map.Entry<String, Object> one : asMap(value).entrySet()) {
                templates.put(one.getKey(), template(given, Python.str(one.getValue())));
            }
            return templates;
        });
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

    private static String asText(Object value) {
        require(value instanceof String, "must be a text; put it in quotes");
        return (String) value;
    }

    private static List<String> asTexts(Object value) {
        List<?> values = value instanceof List<?> list ? list : List.of(value);
        require(values.stream().allMatch(String.class::isInstance), "must be a text or a list of texts");
        return values.stream().map(String.class::cast).toList();
    }

    private static Map<String, Object> asMap(Object value) {
        require(value instanceof Map, "must be a map");
        Map<String, Object> named = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((name, one) -> named.put(Python.str(name), one));
        return named;
    }

    /** Whether a text is a complete address on the web. */
    static boolean isUrl(String text) {
        try {
            URI address = HostAlias.uri(text);
            return List.of("https", "http").contains(String.valueOf(address.getScheme())) && address.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
