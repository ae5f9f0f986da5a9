package serai.watch.python;

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
        Deque<String> chunks = chunks(text);
        List<String> lines = new ArrayList<>();
        while (!chunks.isEmpty()) {
            if (PythonText.isBlank(chunks.peek()) && !lines.isEmpty()) {
                chunks.pop();
            }
            List<String> line = line(chunks, width);
            if (!line.isEmpty() && PythonText.isBlank(line.get(line.size() - 1))) {
                line.remove(line.size() - 1);
            }
            if (!line.isEmpty()) {
                lines.add(String.join("", line));
            }
        }
        return lines;
    }

    private static Deque<String> chunks(String text) {
        Deque<String> chunks = new ArrayDeque<>();
        Matcher chunk = CHUNK.matcher(expanded(text).replaceAll(SPACE, " "));
        while (chunk.find()) {
            chunks.add(chunk.group());
        }
        return chunks;
    }

    private static List<String> line(Deque<String> chunks, int width) {
        List<String> line = new ArrayList<>();
        int length = 0;
        while (!chunks.isEmpty() && length + PythonText.length(chunks.peek()) <= width) {
            length += PythonText.length(chunks.peek());
            line.add(chunks.pop());
        }
        if (!chunks.isEmpty() && PythonText.length(chunks.peek()) > width) {
            String word = chunks.pop();
            int end = width == length ? 0 : breakAt(word, width - length);
            line.add(word.substring(0, end));
            chunks.push(word.substring(end));
        }
        return line;
    }

    /** Behind the last hyphen that fits and has another character before it, else at the end of the line. */
    private static int breakAt(String word, int space) {
        int end = word.offsetByCodePoints(0, Math.min(space, PythonText.length(word)));
        int hyphen = word.lastIndexOf('-', end - 1);
        boolean wordBefore = hyphen > 0 && word.substring(0, hyphen).chars().anyMatch(c -> c != '-');
        return wordBefore && PythonText.length(word) > space ? hyphen + 1 : end;
    }

    /** {@code text.expandtabs()}. */
    private static String expanded(String text) {
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
