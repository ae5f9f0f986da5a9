package serai.watch.python;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Methods of Python's {@code str} that Java's {@link String} has not, or has with another meaning. */
public final class PythonText {

    private static final Pattern WORD = Pattern.compile("\\p{L}+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}\\x1c-\\x1f\\x85]+");

    private PythonText() {}

    /** Python's {@code len()}: a character beyond the basic plane counts once. */
    public static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** {@code text.isupper()}. */
    public static boolean isUpper(String text) {
        return text.equals(text.toUpperCase(Locale.ROOT)) && !text.equals(text.toLowerCase(Locale.ROOT));
    }

    /** {@code text.islower()}. */
    public static boolean isLower(String text) {
        return text.equals(text.toLowerCase(Locale.ROOT)) && !text.equals(text.toUpperCase(Locale.ROOT));
    }

    /** {@code text.isspace()}, and true for an empty text: also spaces that do not break are space in Python. */
    public static boolean isBlank(CharSequence text) {
        return text.codePoints().allMatch(PythonText::isSpace);
    }

    private static boolean isSpace(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || character == 0x85;
    }

    /** {@code text.capitalize()}. */
    public static String capitalize(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    /** {@code text.title()}. */
    public static String title(String text) {
        return WORD.matcher(text).replaceAll(word -> Matcher.quoteReplacement(capitalize(word.group())));
    }

    /** {@code text.strip(characters)}; null for white space. */
    public static String strip(String text, String characters) {
        return lstrip(rstrip(text, characters), characters);
    }

    /** {@code text.lstrip(characters)}; null for white space. */
    public static String lstrip(String text, String characters) {
        IntPredicate drops = drops(characters);
        int start = 0;
        while (start < text.length() && drops.test(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    /** {@code text.rstrip(characters)}; null for white space. */
    public static String rstrip(String text, String characters) {
        IntPredicate drops = drops(characters);
        int end = text.length();
        while (end > 0 && drops.test(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    private static IntPredicate drops(String characters) {
        return characters == null ? PythonText::isSpace : c -> characters.indexOf(c) >= 0;
    }

    /**
     * {@code text.split(separator, most)}.
     *
     * @param separator null for any white space
     * @param most how many splits to do, -1 for all
     */
    public static List<String> split(String text, String separator, int most) {
        int limit = most < 0 ? -1 : most + 1;
        if (separator != null) {
            return new ArrayList<>(Arrays.asList(text.split(Pattern.quote(separator), limit)));
        }
        String words = most < 0 ? strip(text, null) : lstrip(text, null);
        return words.isEmpty() ? new ArrayList<>() : new ArrayList<>(Arrays.asList(SPACES.split(words, limit)));
    }

    /** {@code text.rsplit(separator, most)}, which splits from the end. */
    public static List<String> rsplit(String text, String separator, int most) {
        List<String> parts = split(reversed(text), separator == null ? null : reversed(separator), most);
        parts.replaceAll(PythonText::reversed);
        Collections.reverse(parts);
        return parts;
    }

    private static String reversed(String text) {
        return new StringBuilder(text).reverse().toString();
    }

    /** {@code text.count(part)}. */
    public static int count(String text, String part) {
        if (part.isEmpty()) {
            return length(text) + 1;
        }
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /**
     * {@code text.replace(old, replacement, most)}.
     *
     * @param most how many to replace, -1 for all
     */
    public static String replace(String text, String old, String replacement, int most) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        int at = text.indexOf(old);
        for (int done = 0; at >= 0 && done != most; done++) {
            out.append(text, from, at).append(replacement);
            from = at + old.length();
            // an empty text stands before each character, and at the end
            at = !old.isEmpty()
                    ? text.indexOf(old, from)
                    : from < text.length() ? text.offsetByCodePoints(from, 1) : -1;
        }
        return out.append(text, from, text.length()).toString();
    }

    /** {@code text.center(width, fill)}. */
    public static String center(String text, int width, String fill) {
        int missing = Math.max(0, width - length(text));
        int before = missing / 2 + (missing & width & 1);
        return fill(fill, before) + text + fill(fill, missing - before);
    }

    /** {@code text.ljust(width, fill)}. */
    public static String ljust(String text, int width, String fill) {
        return text + fill(fill, width - length(text));
    }

    /** {@code text.rjust(width, fill)}. */
    public static String rjust(String text, int width, String fill) {
        return fill(fill, width - length(text)) + text;
    }

    /** {@code text.zfill(width)}: zeros go behind a sign. */
    public static String zfill(String text, int width) {
        int sign = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        return text.substring(0, sign) + fill("0", width - length(text)) + text.substring(sign);
    }

    private static String fill(String character, int times) {
        if (length(character) != 1) {
            throw new IllegalArgumentException("The fill character must be exactly one character long");
        }
        return character.repeat(Math.max(0, times));
    }
}
