package serai.load;

/** Text, with or without a limit. */
final class TextFormat implements FieldFormat {

    /** What the decoder of a report writes for bytes that are not UTF-8: a code point that is no character. */
    static final char NOT_UTF8 = '\uFDD0';

    private final int maxCharacters;

    /** @param modifier {@code pg_attribute.atttypmod}: 4 more than the most characters, or -1 */
    TextFormat(int modifier) {
        this.maxCharacters = modifier < 0 ? Integer.MAX_VALUE : modifier - 4;
    }

    @Override
    public String write(char[] chars, int from, int to, CopyBuffer out) {
        for (int i = from; i < to; i++) {
            char c = chars[i];
            if (c == 0) {
                return "holds a NUL character, which the database cannot keep";
            }
            if (c >= '\uD800' && (c == NOT_UTF8 || Character.isSurrogate(c) && !isPair(chars, i, from, to))) {
                return "holds bytes that are not UTF-8";
            }
        }
        if (to - from > maxCharacters && isTooLong(chars, from, to)) {
            return "is longer than the column's " + maxCharacters + " characters";
        }
        out.writeText(chars, from, to);
        return null;
    }

    /** The server drops spaces beyond the limit. */
    private boolean isTooLong(char[] chars, int from, int to) {
        int end = to;
        while (end > from && chars[end - 1] == ' ') {
            end--;
        }
        return Character.codePointCount(chars, from, end - from) > maxCharacters;
    }

    private static boolean isPair(char[] chars, int at, int from, int to) {
        return Character.isHighSurrogate(chars[at])
                ? at + 1 < to && Character.isLowSurrogate(chars[at + 1])
                : at > from && Character.isHighSurrogate(chars[at - 1]);
    }
}
