package serai.watch.template;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import serai.watch.python.Python;
import serai.watch.python.PythonJson;
import serai.watch.python.PythonPercent;

/** Filters that make texts. */
final class TextFilters {

    private static final Pattern WORD_START = Pattern.compile("[^-\\s({\\[<]+");
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static void addTo(Map<String, PythonFilter.Body> filters) {
        filters.put("string", (value, given) -> Values.text(value));
        filters.put("safe", (value, given) -> value);
        filters.put("upper", (value, given) -> Values.text(value).toUpperCase(Locale.ROOT));
        filters.put("lower", (value, given) -> Values.text(value).toLowerCase(Locale.ROOT));
        filters.put("capitalize", (value, given) -> TextMethods.capitalized(Values.text(value)));
        filters.put("title", (value, given) -> title(Values.text(value)));
        filters.put(
                "trim",
                (value, given) -> TextMethods.stripped(Values.text(value), given.text(0, "chars", null), true, true));
        filters.put(
                "replace",
                (value, given) -> TextMethods.replaced(
                        Values.text(value),
                        given.text(0, "old", ""),
                        given.text(1, "new", ""),
                        given.whole(2, "count", -1)));
        filters.put("truncate", TextFilters::truncated);
        filters.put("format", TextFilters::formatted);
        filters.put("indent", TextFilters::indented);
        filters.put("wordwrap", TextFilters::wrapped);
        filters.put(
                "wordcount",
                (value, given) -> WORD.matcher(Values.text(value)).results().count());
        filters.put(
                "center", (value, given) -> TextMethods.centred(Values.text(value), given.whole(0, "width", 80), " "));
        filters.put(
                "striptags",
                (value, given) -> without(without(Values.text(value), "<!--", "-->"), "<", ">")
                        .strip()
                        .replaceAll("\\s+", " "));
        filters.put("pprint", (value, given) -> Python.repr(value));
        filters.put("urlencode", (value, given) -> encoded(value));
        filters.put("tojson", (value, given) -> json(value, given.get(0, "indent")));
        for (String name : new String[] {"e", "escape", "forceescape"}) {
            filters.put(name, (value, given) -> escaped(Values.text(value)));
        }
    }

    private static String title(String text) {
        return WORD_START
                .matcher(text)
                .replaceAll(word -> Matcher.quoteReplacement(TextMethods.capitalized(word.group())));
    }

    /**
     * Cut at a word's end, unless that would take less than {@code leeway} off; of a list or a dictionary its items
     * count.
     */
    private static Object truncated(Object value, Arguments given) {
        String text = Values.text(value);
        int length = given.whole(0, "length", 255);
        String end = given.text(2, "end", "...");
        int size = value instanceof Collection<?> list
                ? list.size()
                : value instanceof Map<?, ?> map ? map.size() : text.codePointCount(0, text.length());
        if (size <= length + given.whole(3, "leeway", 5)) {
            return value instanceof Collection || value instanceof Map ? value : text;
        }
        length = Math.min(length, text.codePointCount(0, text.length()));
        if (length < end.length()) {
            throw new RenderException("expected length >= " + end.length() + ", got " + length);
        }
        String start = text.substring(0, text.offsetByCodePoints(0, length - end.length()));
        int space = given.flag(1, "killwords", false) ? -1 : start.lastIndexOf(' ');
        return (space < 0 ? start : start.substring(0, space)) + end;
    }

    private static Object formatted(Object value, Arguments given) {
        try {
            PythonPercent format = new PythonPercent(Values.text(value));
            return format.apply(
                    !given.named().isEmpty() ? given.named() : given.count() == 1 ? given.at(0) : given.values());
        } catch (IllegalArgumentException e) {
            throw new RenderException(e.getMessage());
        }
    }

    private static Object indented(Object value, Arguments given) {
        Object width = given.get(0, "width");
        String by =
                width instanceof CharSequence text ? text.toString() : Values.repeated(" ", given.whole(0, "width", 4));
        boolean first = given.flag(1, "first", false);
        boolean blank = given.flag(2, "blank", false);
        String[] lines = (Values.text(value) + "\n").split("\n", -1);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.length - 1; i++) {
            boolean shift = i == 0 ? first : blank || !lines[i].isEmpty();
            Values.bound(out.append(i == 0 ? "" : "\n").append(shift ? by : "").append(lines[i]));
        }
        return out.toString();
    }

    private static Object wrapped(Object value, Arguments given) {
        int width = Math.max(1, given.whole(0, "width", 79));
        boolean breakLong = given.flag(1, "break_long_words", true);
        List<String> lines = new ArrayList<>();
        for (String line : Values.text(value).split("\n", -1)) {
            wrap(line, width, breakLong, lines);
        }
        return String.join(given.text(2, "wrapstring", "\n"), lines);
    }

    private static void wrap(String line, int width, boolean breakLong, List<String> lines) {
        String rest = line;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            int end = space > 0 ? space : breakLong ? width : rest.indexOf(' ', width);
            if (end < 0) {
                break;
            }
            lines.add(rest.substring(0, end).stripTrailing());
            rest = space > 0 || !breakLong ? rest.substring(end).stripLeading() : rest.substring(end);
        }
        lines.add(rest);
    }

    /** A text without its pieces between an opening and a closing mark; one that is never closed stays. */
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

    /** As Jinja writes JSON: sorted keys, and safe inside HTML. */
    private static String json(Object value, Object indent) {
        int spaces = Values.isWhole(indent) ? Math.min(100, Values.whole(indent).intValue()) : -1;
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
