package serai.watch.template;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import serai.watch.python.Python;
import serai.watch.python.PythonJson;
import serai.watch.python.PythonNumber;
import serai.watch.python.PythonPercent;
import serai.watch.python.PythonText;
import serai.watch.python.TextWrap;

/** Filters that return texts. */
final class TextFilters {

    private static final Pattern WORD_START = Pattern.compile("[^-\\s({\\[<]+");
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static void addTo(Map<String, JinjaFilter.Body> filters) {
        filters.put("string", (value, arguments) -> Values.text(value));
        filters.put("safe", (value, arguments) -> value);
        filters.put("upper", (value, arguments) -> Values.text(value).toUpperCase(Locale.ROOT));
        filters.put("lower", (value, arguments) -> Values.text(value).toLowerCase(Locale.ROOT));
        filters.put("capitalize", (value, arguments) -> PythonText.capitalize(Values.text(value)));
        filters.put("title", (value, arguments) -> title(Values.text(value)));
        filters.put(
                "trim", (value, arguments) -> PythonText.strip(Values.text(value), arguments.text(0, "chars", null)));
        filters.put("replace", (value, arguments) -> TextMethods.replaced(Values.text(value), arguments));
        filters.put("truncate", TextFilters::truncated);
        filters.put("format", TextFilters::formatted);
        filters.put("indent", TextFilters::indented);
        filters.put("wordwrap", TextFilters::wrapped);
        filters.put(
                "wordcount",
                (value, arguments) -> WORD.matcher(Values.text(value)).results().count());
        filters.put(
                "center",
                (value, arguments) -> PythonText.center(Values.text(value), arguments.whole(0, "width", 80), " "));
        filters.put(
                "striptags",
                (value, arguments) -> without(without(Values.text(value), "<!--", "-->"), "<", ">")
                        .strip()
                        .replaceAll("\\s+", " "));
        filters.put("pprint", (value, arguments) -> Python.repr(value));
        filters.put("urlencode", (value, arguments) -> encoded(value));
        filters.put("tojson", (value, arguments) -> json(value, arguments.get(0, "indent")));
        for (String name : new String[] {"e", "escape", "forceescape"}) {
            filters.put(name, (value, arguments) -> escaped(Values.text(value)));
        }
    }

    private static String title(String text) {
        return WORD_START
                .matcher(text)
                .replaceAll(word -> Matcher.quoteReplacement(PythonText.capitalize(word.group())));
    }

    /** Cut at the end of a word, unless it is too long by {@code leeway} at most; lists are measured by elements. */
    private static Object truncated(Object value, Arguments arguments) {
        String text = Values.text(value);
        int length = arguments.whole(0, "length", 255);
        String end = arguments.text(2, "end", "...");
        boolean container = value instanceof Collection || value instanceof Map;
        if (Elements.count(container ? value : text) <= length + arguments.whole(3, "leeway", 5)) {
            return container ? value : text;
        }
        length = Math.min(length, PythonText.length(text));
        if (length < end.length()) {
            throw new RenderException("expected length >= " + end.length() + ", got " + length);
        }
        String start = text.substring(0, text.offsetByCodePoints(0, length - end.length()));
        int space = arguments.flag(1, "killwords", false) ? -1 : start.lastIndexOf(' ');
        return (space < 0 ? start : start.substring(0, space)) + end;
    }

    private static Object formatted(Object value, Arguments arguments) {
        try {
            PythonPercent format = new PythonPercent(Values.text(value));
            return format.apply(
                    !arguments.named().isEmpty()
                            ? arguments.named()
                            : arguments.count() == 1 ? arguments.at(0) : arguments.values());
        } catch (IllegalArgumentException e) {
            throw new RenderException(e.getMessage());
        }
    }

    private static Object indented(Object value, Arguments arguments) {
        Object width = arguments.get(0, "width");
        String by = width instanceof CharSequence text
                ? text.toString()
                : Values.repeated(" ", arguments.whole(0, "width", 4));
        boolean first = arguments.flag(1, "first", false);
        boolean blank = arguments.flag(2, "blank", false);
        String[] lines = (Values.text(value) + "\n").split("\n", -1);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.length - 1; i++) {
            boolean shift = i == 0 ? first : blank || !lines[i].isEmpty();
            Values.bound(out.append(i == 0 ? "" : "\n").append(shift ? by : "").append(lines[i]));
        }
        return out.toString();
    }

    private static Object wrapped(Object value, Arguments arguments) {
        int width = Math.max(1, arguments.whole(0, "width", 79));
        boolean breaksWords = arguments.flag(1, "break_long_words", true);
        String separator = arguments.text(2, "wrapstring", "\n");
        return Values.text(value)
                .lines()
                .map(line -> String.join(separator, TextWrap.wrapLine(line, width, breaksWords)))
                .collect(Collectors.joining(separator));
    }

    /** A text without the parts from an opening to a closing mark; a part that is not closed is kept. */
    private static String without(String text, String open, String close) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        int start = text.indexOf(open);
        int end = start < 0 ? -1 : text.indexOf(close, start);
        while (end >= 0) {
            out.append(text, from, start);
            from = end + close.length();
            start = text.indexOf(open, from);
            end = start < 0 ? -1 : text.indexOf(close, start);
        }
        return out.append(text, from, text.length()).toString();
    }

    private static Object encoded(Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(e -> quoted(Values.text(e.getKey()), true) + "=" + quoted(Values.text(e.getValue()), true))
                    .collect(Collectors.joining("&"));
        }
        return quoted(Values.text(value), false);
    }

    private static String quoted(String text, boolean query) {
        String quoted = URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("*", "%2A")
                .replace("%7E", "~");
        return query ? quoted : quoted.replace("+", "%20").replace("%2F", "/");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    /** JSON as Jinja writes it: with sorted keys, and safe inside HTML. */
    private static String json(Object value, Object indent) {
        int spaces = PythonNumber.isWhole(indent)
                ? Math.min(100, PythonNumber.toWhole(indent).intValue())
                : -1;
        if (value instanceof Undefined) {
            throw new RenderException("Object of type Undefined is not JSON serializable");
        }
        return PythonJson.sorted(spaces)
                .text(value)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("'", "\\u0027");
    }
}
