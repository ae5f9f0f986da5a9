package serai.load.replicate.mapping;

import java.util.regex.Pattern;

/**
 * A name of an object locator: {@code %} is any run of characters, {@code _} one character, {@code [ab]} and
 * {@code [a-d]} one of a set. Letters are compared with their case.
 *
 * @param text as the file has it
 * @param regex what it matches
 * @param exact what it matches when {@code _} means itself
 */
record NamePattern(String text, Pattern regex, Pattern exact) {

    static final NamePattern ANY = wildcards("%");

    /** A pattern with all wildcards. */
    static NamePattern wildcards(String text) {
        return new NamePattern(text, compile(text, true), compile(text, false));
    }

    /** A pattern in which {@code _} means itself. */
    static NamePattern literalUnderscore(String text) {
        Pattern pattern = compile(text, false);
        return new NamePattern(text, pattern, pattern);
    }

    /** A name without wildcards. */
    static NamePattern exact(String text) {
        Pattern pattern = Pattern.compile(Pattern.quote(text));
        return new NamePattern(text, pattern, pattern);
    }

    /** Whether a text has wildcards other than {@code _}, which is part of many names. */
    static boolean hasWildcards(String text) {
        return text.indexOf('%') >= 0 || text.indexOf('[') >= 0;
    }

    boolean matches(String name) {
        return regex.matcher(name).matches();
    }

    /** Whether it matches only because {@code _} is a wildcard. */
    boolean matchesByUnderscore(String name) {
        return matches(name) && !exact.matcher(name).matches();
    }

    /** @throws IllegalArgumentException when a bracket is not closed, or a backslash is used */
    private static Pattern compile(String text, boolean underscore) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                regex.append(".*");
            } else if (c == '_' && underscore) {
                regex.append('.');
            } else if (c == '[') {
                int end = text.indexOf(']', i + 2);
                if (end < 0) {
                    throw new IllegalArgumentException("the [ has no ]: write [[] for the character itself");
                }
                regex.append(set(text.substring(i + 1, end)));
                i = end;
            } else if (c == '\\') {
                throw new IllegalArgumentException(
                        "a backslash escapes in mappings of Oracle only: write [_] or [%] for the character itself");
            } else {
                int character = text.codePointAt(i);
                regex.append(Pattern.quote(Character.toString(character)));
                i += Character.charCount(character) - 1;
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static String set(String characters) {
        StringBuilder set = new StringBuilder("[");
        for (int i = 0; i < characters.length(); i++) {
            char c = characters.charAt(i);
            boolean range = c == '-' && i > 0 && i < characters.length() - 1;
            if (range && characters.charAt(i - 1) > characters.charAt(i + 1)) {
                throw new IllegalArgumentException("the range [" + characters + "] runs backwards");
            }
            set.append(range || Character.isLetterOrDigit(c) ? "" : "\\").append(c);
        }
        return set.append(']').toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
