package serai.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One page of the documentation.
 *
 * @param file its path from the project's folder
 */
record Page(Path file, List<String> lines) {

    private static final Pattern MARK = Pattern.compile("<!-- (\\w+)(?:: (.+?))? -->");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");
    private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /**
     * A fenced block.
     *
     * @param line of the opening fence, from 1
     * @param mark how it is checked: the word in the comment above it; empty when there is none
     * @param argument what stands behind the word, or empty
     */
    record Block(Page page, int line, String mark, String argument, List<String> lines) {

        String text() {
            return String.join("\n", lines) + "\n";
        }

        @Override
        public String toString() {
            return page.file + ":" + line + " " + mark + " " + argument;
        }
    }

    /** All pages: those at the top of the project, and those in {@code docs}. */
    static List<Page> all() {
        try (Stream<Path> top = Files.list(Path.of(""));
                Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .map(Page::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page read(Path file) {
        try {
            return new Page(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The blocks of all pages with one kind of mark. */
    static List<Block> blocks(String mark) {
        return all().stream()
                .flatMap(page -> page.blocks().stream())
                .filter(block -> block.mark().equals(mark))
                .toList();
    }

    /** The text of the example that is the file at a path. */
    static String example(String path) {
        return blocks("example").stream()
                .filter(block -> block.argument().equals(path))
                .findFirst()
                .orElseThrow()
                .text();
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                Matcher mark = MARK.matcher(i == 0 ? "" : lines.get(i - 1));
                boolean marked = mark.matches();
                blocks.add(new Block(
                        this,
                        i + 1,
                        marked ? mark.group(1) : "",
                        marked && mark.group(2) != null ? mark.group(2) : "",
                        lines.subList(i + 1, end)));
                i = end;
            }
        }
        return blocks;
    }

    /** The lines outside of fenced blocks. */
    List<String> prose() {
        List<String> prose = new ArrayList<>();
        boolean code = false;
        for (String line : lines) {
            boolean fence = line.startsWith("```");
            code ^= fence;
            if (!code && !fence) {
                prose.add(line);
            }
        }
        return prose;
    }

    /** The texts of the headings. */
    List<String> sections() {
        return prose().stream()
                .map(HEADING::matcher)
                .filter(Matcher::matches)
                .map(heading -> heading.group(1))
                .toList();
    }

    /** The rows of the tables in a section, without their headings. */
    List<String> rows(String section) {
        List<String> prose = prose();
        int start = prose.indexOf("## " + section) + 1;
        List<String> rows = prose.subList(start, prose.size()).stream()
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| "))
                .toList();
        return IntStream.range(0, rows.size())
                .filter(i -> !isRule(rows.get(i)) && (i + 1 == rows.size() || !isRule(rows.get(i + 1))))
                .mapToObj(rows::get)
                .toList();
    }

    /** Whether a line is between the heading of a table and its rows. */
    private static boolean isRule(String line) {
        return line.startsWith("| ---");
    }

    /** The anchors that a reader's program makes of the headings. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        for (String section : sections()) {
            anchors.add(section.toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    /** The targets of all links and images. */
    List<String> links() {
        return found(LINK);
    }

    /** The texts in backticks. */
    List<String> codes() {
        return found(CODE);
    }

    private List<String> found(Pattern pattern) {
        List<String> found = new ArrayList<>();
        for (String line : prose()) {
            Matcher matcher = pattern.matcher(line);
            while (matcher.find()) {
                found.add(matcher.group(1));
            }
        }
        return found;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
