package serai.watch.python;

import java.nio.CharBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code textwrap}: breaks lines at spaces and behind hyphens, and inside a word that is too long. */
public final class TextWrap {

    private static final String SPACE = "[\\t\\n\\x0b\\x0c\\r ]";
    private static final String LETTER = "[^\\d\\W]";
    private static final String PUNCTUATION = "[\\w!\"'&.,?]";
    private static final Pattern CHUNK = Pattern.compile(
            SPACE + "+"
                    + "|(?<=" + PUNCTUATION + ")-{2,}(?=\\w)"
                    + "|[^\\t\\n\\x0b\\x0c\\r ]+?(?:"
                    + "-(?:(?<=" + LETTER + "{2}-)|(?<=" + LETTER + "-" + LETTER + "-))(?=" + LETTER + "-?" + LETTER
                    + ")"
                    + "|(?=" + SPACE + "|\\z)|(?<=" + PUNCTUATION + ")(?=-{2,}\\w))",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final int TAB = 8;

    private TextWrap() {}

    /** {@code textwrap.wrap(text, width)}: the lines of a paragraph; none for an empty text. */
    public static List<String> wrap(String text, int width) {
        return wrapLine(expandTabs(text).replaceAll(SPACE, " "), width, true);
    }

    /**
     * The same without replacing tabs and other white space, as Jinja2 calls it.
     *
     * @param breaksWords whether a word that is longer than the width is broken
     */
    public static List<String> wrapLine(String text, int width, boolean breaksWords) {
        Deque<CharBuffer> chunks = chunks(text);
        List<String> lines = new ArrayList<>();
        while (!chunks.isEmpty()) {
            if (PythonText.isBlank(chunks.peek()) && !lines.isEmpty()) {
                chunks.pop();
            }
            List<CharBuffer> line = line(chunks, width, breaksWords);
            if (!line.isEmpty() && PythonText.isBlank(line.get(line.size() - 1))) {
                line.remove(line.size() - 1);
            }
            if (!line.isEmpty()) {
                lines.add(String.join("", line));
            }
        }
        return lines;
    }

    /** Words, spaces and parts of hyphenated words; as views of the text, since a word may be very long. */
    private static Deque<CharBuffer> chunks(String text) {
        CharBuffer all = CharBuffer.wrap(text);
        Deque<CharBuffer> chunks = new ArrayDeque<>();
        Matcher chunk = CHUNK.matcher(text);
        while (chunk.find()) {
            chunks.add(all.subSequence(chunk.start(), chunk.end()));
        }
        return chunks;
    }

    private static List<CharBuffer> line(Deque<CharBuffer> chunks, int width, boolean breaksWords) {
        List<CharBuffer> line = new ArrayList<>();
        int space = width;
        while (!chunks.isEmpty() && end(chunks.peek(), space) == chunks.peek().length()) {
            space -= Character.codePointCount(chunks.peek(), 0, chunks.peek().length());
            line.add(chunks.pop());
        }
        boolean tooLong =
                !chunks.isEmpty() && end(chunks.peek(), width) < chunks.peek().length();
        if (tooLong && (breaksWords || line.isEmpty())) {
            CharBuffer word = chunks.pop();
            int end = breaksWords ? breakAt(word, space) : word.length();
            line.add(word.subSequence(0, end));
            if (end < word.length()) {
                chunks.push(word.subSequence(end, word.length()));
            }
        }
        return line;
    }

    /** The end of the part of a chunk that takes a number of characters; its length when it is shorter. */
    private static int end(CharBuffer chunk, int characters) {
        int end = 0;
        for (int i = 0; i < characters && end < chunk.length(); i++) {
            end += Character.charCount(Character.codePointAt(chunk, end));
        }
        return end;
    }

    /** Behind the last hyphen that fits and has another character before it, else at the end of the line. */
    private static int breakAt(CharBuffer word, int space) {
        int end = end(word, space);
        String start = word.subSequence(0, end).toString();
        int hyphen = start.lastIndexOf('-');
        boolean wordBefore = hyphen > 0 && start.substring(0, hyphen).chars().anyMatch(c -> c != '-');
        return wordBefore ? hyphen + 1 : end;
    }

    /** The text with spaces up to the next eighth column for each tab, as Python's {@code expandtabs}. */
    public static String expandTabs(String text) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (int c : text.codePoints().toArray()) {
            if (c == '\t') {
                int spaces = TAB - column % TAB;
                out.append(" ".repeat(spaces));
                column += spaces;
            } else {
                out.appendCodePoint(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return out.toString();
    }
}
