package serai.watch.template;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import serai.watch.python.PythonFormat;
import serai.watch.python.PythonText;

/** The methods of Python's {@code str} that a template may call. */
final class TextMethods {

    private TextMethods() {}

    /** @throws RenderException when there is no such method, or it refuses its arguments */
    static Object call(String text, String method, Arguments arguments) {
        try {
            return switch (method) {
                case "upper", "lower", "casefold", "capitalize", "title", "isupper", "islower" -> cased(text, method);
                case "isdigit", "isnumeric", "isdecimal" -> all(text, Character::isDigit);
                case "isalpha" -> all(text, Character::isLetter);
                case "isalnum" -> all(text, Character::isLetterOrDigit);
                case "isspace" -> all(text, Character::isWhitespace);
                case "strip" -> PythonText.strip(text, arguments.text(0, "chars", null));
                case "lstrip" -> PythonText.lstrip(text, arguments.text(0, "chars", null));
                case "rstrip" -> PythonText.rstrip(text, arguments.text(0, "chars", null));
                case "ljust", "rjust", "center", "zfill" -> Values.bounded(padded(text, method, arguments));
                case "join" -> joined(text, arguments.at(0));
                case "replace" -> replaced(text, arguments);
                case "format" -> formatted(text, arguments);
                case "startswith" -> hasAny(text, String::startsWith, arguments.at(0));
                case "endswith" -> hasAny(text, String::endsWith, arguments.at(0));
                default -> searched(text, method, arguments);
            };
        } catch (IllegalArgumentException e) {
            throw new RenderException(e.getMessage());
        }
    }

    private static Object cased(String text, String method) {
        return switch (method) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "capitalize" -> PythonText.capitalize(text);
            case "title" -> PythonText.title(text);
            case "isupper" -> PythonText.isUpper(text);
            case "islower" -> PythonText.isLower(text);
            default -> text.toLowerCase(Locale.ROOT);
        };
    }

    private static String padded(String text, String method, Arguments arguments) {
        int width = arguments.whole(0, "width", 0);
        String fill = arguments.text(1, "fillchar", " ");
        return switch (method) {
            case "ljust" -> PythonText.ljust(text, width, fill);
            case "rjust" -> PythonText.rjust(text, width, fill);
            case "center" -> PythonText.center(text, width, fill);
            default -> PythonText.zfill(text, width);
        };
    }

    /** Methods that look for a part of the text, or cut there. */
    private static Object searched(String text, String method, Arguments arguments) {
        String part = arguments.text(0, method.contains("split") || method.contains("partition") ? "sep" : "sub", "");
        return switch (method) {
            case "split", "rsplit" -> split(text, method, arguments);
            case "splitlines" -> new ArrayList<>(text.lines().toList());
            case "partition" -> partition(text, part, text.indexOf(part));
            case "rpartition" ->
                text.contains(part) ? partition(text, part, text.lastIndexOf(part)) : new Tuple(List.of("", "", text));
            case "removeprefix" -> text.startsWith(part) ? text.substring(part.length()) : text;
            case "removesuffix" -> text.endsWith(part) ? text.substring(0, text.length() - part.length()) : text;
            case "find" -> (long) text.indexOf(part, Math.max(0, arguments.whole(1, "start", 0)));
            case "rfind" -> (long) text.lastIndexOf(part);
            case "index" -> index(text, part);
            case "count" -> (long) PythonText.count(text, part);
            default -> throw new RenderException("'str object' has no attribute '" + method + "'");
        };
    }

    private static List<Object> split(String text, String method, Arguments arguments) {
        String separator = arguments.text(0, "sep", null);
        int most = arguments.whole(1, "maxsplit", -1);
        if (separator != null && separator.isEmpty()) {
            throw new RenderException("empty separator");
        }
        return new ArrayList<>(
                method.equals("split")
                        ? PythonText.split(text, separator, most)
                        : PythonText.rsplit(text, separator, most));
    }

    private static Tuple partition(String text, String separator, int at) {
        if (separator.isEmpty()) {
            throw new RenderException("empty separator");
        }
        return new Tuple(
                at < 0
                        ? List.of(text, "", "")
                        : List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
    }

    private static long index(String text, String part) {
        if (!text.contains(part)) {
            throw new RenderException("substring not found");
        }
        return text.indexOf(part);
    }

    private static String joined(String separator, Object parts) {
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

    static String replaced(String text, Arguments arguments) {
        String old = arguments.text(0, "old", "");
        String replacement = arguments.text(1, "new", "");
        int most = arguments.whole(2, "count", -1);
        double times = PythonText.count(text, old);
        Values.boundLength(
                text.length() + (most < 0 ? times : Math.min(most, times)) * (replacement.length() - old.length()));
        return PythonText.replace(text, old, replacement, most);
    }

    private static String formatted(String text, Arguments arguments) {
        PythonFormat format = new PythonFormat(text);
        format.require(arguments.count(), arguments.named().keySet());
        return Values.bounded(format.apply(arguments.values(), arguments.named()));
    }

    /** @param options a text or a tuple of texts */
    private static boolean hasAny(String text, BiPredicate<String, String> test, Object options) {
        return options instanceof Collection<?> list
                ? list.stream().anyMatch(option -> test.test(text, Values.text(option)))
                : test.test(text, Values.text(options));
    }

    private static boolean all(String text, IntPredicate test) {
        return !text.isEmpty() && text.codePoints().allMatch(test);
    }
}
