package serai.watch.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import serai.watch.python.CharacterWidth;
import serai.watch.python.PythonText;
import serai.watch.python.TextWrap;

/** An ASCII table as in ElastAlert's summaries, which Python's texttable draws: long cells take several lines. */
final class TextTable {

    private final List<String> header;
    private final List<List<String>> rows;
    private final int[] widths;

    /** @param width characters in a line, at most; more only when there are too many columns */
    TextTable(List<String> header, List<List<String>> rows, int width) {
        this.header = header;
        this.rows = rows;
        this.widths = widths(width);
    }

    private int[] widths(int width) {
        int[] wanted = new int[header.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = cellWidth(header.get(i));
            for (List<String> row : rows) {
                wanted[i] = Math.max(wanted[i], cellWidth(row.get(i)));
            }
        }
        int available = Math.max(wanted.length, width - 3 * (wanted.length - 1) - 4);
        return Arrays.stream(wanted).sum() <= available ? wanted : shared(wanted, available);
    }

    /** Gives each column in turn one character more, until it has all that it wants or none is left. */
    private static int[] shared(int[] wanted, int available) {
        int[] widths = new int[wanted.length];
        for (int i = 0, left = available; left > 0; i = (i + 1) % wanted.length) {
            if (widths[i] < wanted[i]) {
                widths[i]++;
                left--;
            }
        }
        return widths;
    }

    private static int cellWidth(String cell) {
        int widest = 0;
        for (String line : cell.split("\n", -1)) {
            int width = 0;
            String[] parts = line.split("\t", -1);
            for (int i = 0; i < parts.length; i++) {
                width += CharacterWidth.of(parts[i]);
                width = i < parts.length - 1 ? (width / 8 + 1) * 8 : width;
            }
            widest = Math.max(widest, width);
        }
        return widest;
    }

    /** The table, without a line end after its last line. */
    String draw() {
        StringBuilder out = new StringBuilder(rule('-'));
        line(header, true, out);
        out.append(rule('=')).append(rows.isEmpty() ? rule('-') : "");
        for (List<String> row : rows) {
            line(row, false, out);
            out.append(rule('-'));
        }
        return out.substring(0, out.length() - 1);
    }

    private String rule(char line) {
        StringBuilder rule = new StringBuilder("+");
        for (int width : widths) {
            rule.append(String.valueOf(line).repeat(width + 2)).append('+');
        }
        return rule.append('\n').toString();
    }

    private void line(List<String> cells, boolean centred, StringBuilder out) {
        List<List<String>> split = new ArrayList<>();
        int height = 0;
        for (int i = 0; i < widths.length; i++) {
            split.add(split(cells.get(i), widths[i]));
            height = Math.max(height, split.get(i).size());
        }
        for (int line = 0; line < height; line++) {
            for (int i = 0; i < widths.length; i++) {
                String text = line < split.get(i).size() ? split.get(i).get(line) : "";
                int fill = Math.max(0, widths[i] - CharacterWidth.of(text));
                int before = centred ? fill / 2 : 0;
                out.append(i == 0 ? "| " : " | ")
                        .append(" ".repeat(before))
                        .append(text)
                        .append(" ".repeat(fill - before));
            }
            out.append(" |\n");
        }
    }

    private static List<String> split(String cell, int width) {
        List<String> lines = new ArrayList<>();
        for (String line : cell.split("\n", -1)) {
            lines.addAll(PythonText.isBlank(line) ? List.of("") : TextWrap.wrap(line, width));
        }
        return lines;
    }
}
