package serai.watch.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.watch.python.PythonFormat;

/** The methods of Python's texts that templates use. */
final class TextMethods {

    private static final Pattern WORD = Pattern.compile("\\p{L}+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextMethods() {}

    static Object call(String text, String method, Arguments given) {
        return switch (method) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower", "casefold" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" -> capitalized(text);
            case "title" -> title(text);
            case "strip", "lstrip", "rstrip" ->
                stripped(text, given.text(0, "chars", null), !method.equals("rstrip"), !method.equals("lstrip"));
            case "split" -> split(text, given.text(0, "sep", null), given.whole(1, "maxsplit", -1));
            case "rsplit" -> splitFromEnd(text, given.text(0, "sep", null), given.whole(1, "maxsplit", -1));
            case "splitlines" -> new ArrayList<>(text.lines().toList());
            case "join" -> join(text, given.at(0));
            case "replace" ->
                replaced(text, given.text(0, "old", ""), given.text(1, "new", ""), given.whole(2, "count", -1));
            case "startswith" -> options(given.at(0)).stream().anyMatch(text::startsWith);
            case "endswith" -> options(given.at(0)).stream().anyMatch(text::endsWith);
            case "removeprefix" ->
                text.startsWith(given.text(0, "", ""))
                        ? text.substring(given.text(0, "", "").length())
                        : text;
            case "removesuffix" ->
                text.endsWith(given.text(0, "", ""))
                        ? text.substring(
                                0, text.length() - given.text(0, "", "").length())
                        : text;
            case "find" -> (long) text.indexOf(given.text(0, "sub", ""), Math.max(0, given.whole(1, "start", 0)));
            case "rfind" -> (long) text.lastIndexOf(given.text(0, "sub", ""));
            case "index" -> index(text, given.text(0, "sub", ""));
            case "count" -> (long) split(text, given.text(0, "sub", ""), -1).size() - 1;
            case "format" -> format(text, given);
            case "zfill" -> zeroes(text, given.whole(0, "width", 0));
            case "ljust" ->
                text + Values.repeated(given.text(1, "fillchar", " "), given.whole(0, "width", 0) - size(text));
            case "rjust" ->
                Values.repeated(given.text(1, "fillchar", " "), given.whole(0, "width", 0) - size(text)) + text;
            case "center" -> centred(text, given.whole(0, "width", 0), given.text(1, "fillchar", " "));
            case "partition" -> partition(text, given.text(0, "sep", " "), text.indexOf(given.text(0, "sep", " ")));
            case "rpartition" ->
                partition(text, given.text(0, "sep", " "), text.lastIndexOf(given.text(0, "sep", " ")));
            case "isdigit", "isnumeric", "isdecimal" -> all(text, Character::isDigit);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, Character::isLetterOrDigit);
            case "isspace" -> all(text, Character::isWhitespace);
            case "isupper" -> isUpper(text);
            case "islower" -> isLower(text);
            default -> throw new RenderException("'str object' has no attribute '" + method + "'");
        };
    }

    static boolean isUpper(String text) {
        return text.equals(text.toUpperCase(Locale.ROOT)) && !text.equals(text.toLowerCase(Locale.ROOT));
    }

    static boolean isLower(String text) {
        return text.equals(text.toLowerCase(Locale.ROOT)) && !text.equals(text.toUpperCase(Locale.ROOT));
    }

    static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        return WORD.matcher(text).replaceAll(word -> Matcher.quoteReplacement(capitalized(word.group())));
    }

    static String stripped(String text, String characters, boolean front, boolean back) {
        IntPredicate drop = c -> characters == null ? Character.isWhitespace(c) : characters.indexOf(c) >= 0;
        int start = 0;
        int end = text.length();
        while (front && start < end && drop.test(text.charAt(start))) {
            start++;
        }
        while (back && end > start && drop.test(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static List<Object> split(String text, String separator, int most) {
        if (separator != null && separator.isEmpty()) {
            throw new RenderException("empty separator");
        }
        int limit = most < 0 ? -1 : most + 1;
        if (separator != null) {
            return new ArrayList<>(Arrays.asList(text.split(Pattern.quote(separator), limit)));
        }
        String stripped = text.stripLeading();
        String source = most < 0 ? stripped.stripTrailing() : stripped;
        return source.isEmpty() ? new ArrayList<>() : new ArrayList<>(Arrays.asList(source.split("\\s+", limit)));
    }

    private static List<Object> splitFromEnd(String text, String separator, int most) {
        List<Object> parts = split(text, separator, -1);
        if (most < 0 || separator == null || parts.size() <= most + 1) {
            return parts;
        }
        int first = parts.size() - most;
        List<Object> joined = new ArrayList<>();
        joined.add(String.join(
                separator, parts.subList(0, first).stream().map(String::valueOf).toList()));
        joined.addAll(parts.subList(first, parts.size()));
        return joined;
    }

    private static String join(String separator, Object parts) {
        if (!(parts instanceof Collection<?> list)) {
            throw new RenderException("can only join an iterable");
        }
        StringBuilder text = new StringBuilder();
        String before = "";
        for (Object part : list) {
            Values.bound(text.append(before).append(Values.text(part)));
            before = separator;
        }
        return text.toString();
    }

    /** @param most replacements, -1 for all */
    static String replaced(String text, String old, String by, int most) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        int left = most < 0 ? Integer.MAX_VALUE : most;
        for (int at = text.indexOf(old);
                at >= 0 && left > 0;
                at = at > text.length() ? -1 : text.indexOf(old, at), left--) {
            out.append(text, from, at).append(by);
            from = at + old.length();
            at = old.isEmpty() ? at + 1 : from;
            if (old.isEmpty() && from < text.length()) {
                out.append(text.charAt(from++));
            }
            Values.bound(out);
        }
        return from >= text.length()
                ? out.toString()
                : out.append(text.substring(from)).toString();
    }

    private static List<String> options(Object value) {
        return value instanceof Collection<?> list
                ? list.stream().map(Values::text).toList()
                : List.of(Values.text(value));
    }

    private static long index(String text, String part) {
        if (!text.contains(part)) {
            throw new RenderException("substring not found");
        }
        return text.indexOf(part);
    }

    private static String format(String text, Arguments given) {
        try {
            PythonFormat format = new PythonFormat(text);
            format.require(given.count(), given.named().keySet());
            return Values.bounded(format.apply(given.values(), given.named()));
        } catch (IllegalArgumentException e) {
            throw new RenderException(e.getMessage());
        }
    }

    private static String zeroes(String text, int width) {
        String sign = text.startsWith("-") || text.startsWith("+") ? text.substring(0, 1) : "";
        return sign + Values.repeated("0", width - size(text)) + text.substring(sign.length());
    }

    static String centred(String text, int width, String fill) {
        int missing = width - size(text);
        if (missing <= 0) {
            return text;
        }
        int before = missing / 2 + (missing & width & 1);
        return Values.repeated(fill, before) + text + Values.repeated(fill, missing - before);
    }

    private static int size(String text) {
        return text.codePointCount(0, text.length());
    }

    private static Tuple partition(String text, String separator, int at) {
        return new Tuple(
                at < 0
                        ? List.of(text, "", "")
                        : List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }
}
