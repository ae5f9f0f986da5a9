package serai.watch.message;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import serai.watch.python.Python;
import serai.watch.python.TextWrap;
import serai.watch.rule.Document;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

/** How often each combination of fields occurs in the matches of a message: {@code summary_table_fields}. */
final class SummaryTable {

    private static final String CELL = "style=\"padding-left: 1em; padding-right: 1em; text-align: center";

    private static final int LONGEST_CELL = 5_000;
    /** Characters of all cells; the rows after them are counted, not shown. */
    private static final int LONGEST = 400_000;

    private final List<String> paths = new ArrayList<>();
    private final List<String> headers = new ArrayList<>();
    private final String kind;
    private final Integer mostRows;
    private final String prefix;
    private final String suffix;

    /** The table that a rule asks for; null when it asks for none. */
    static SummaryTable of(Options options) throws RuleException {
        return options.has("summary_table_fields") ? new SummaryTable(options) : null;
    }

    private SummaryTable(Options options) throws RuleException {
        for (Object field : options.list("summary_table_fields")) {
            if (field instanceof Map<?, ?> map
                    && map.get("path") != null
                    && Set.of("path", "header").containsAll(map.keySet())) {
                paths.add(Python.str(map.get("path")));
                headers.add(Python.str(map.get("header") == null ? map.get("path") : map.get("header")));
            } else if (field instanceof String name) {
                paths.add(name);
                headers.add(name);
            } else {
                throw options.refused(
                        "summary_table_fields",
                        "each entry must be a field name, or a map of path and, optionally, header");
            }
        }
        paths.add("count");
        headers.add("count");
        kind = options.oneOf("summary_table_type", Set.of("ascii", "markdown", "html"), "ascii");
        mostRows = options.has("summary_table_max_rows")
                ? Integer.valueOf(options.whole("summary_table_max_rows", 0))
                : null;
        if (mostRows != null && mostRows < 0) {
            throw options.refused("summary_table_max_rows", "must be a whole number from 0");
        }
        prefix = options.text("summary_prefix", "");
        suffix = options.text("summary_suffix", "");
    }

    /**
     * The table, with its heading and the rule's prefix and suffix.
     *
     * @param width characters in a line of an ASCII table
     */
    String text(List<Map<String, Object>> matches, int width) {
        List<List<String>> all = rows(matches);
        List<List<String>> rows = shown(all);
        String heading = (prefix.isEmpty() ? "" : prefix + "\n")
                + "Aggregation resulted in the following data for summary_table_fields ==> " + Python.repr(paths)
                + ":\n\n";
        String table = switch (kind) {
            // without a heading, as in ElastAlert
            case "html" -> html(rows);
            case "markdown" -> heading + markdown(rows) + "\n";
            default -> heading + new TextTable(headers, rows, width).draw() + "\n\n";
        };
        return table
                + (rows.size() < all.size() ? "… and " + (all.size() - rows.size()) + " more rows\n" : "")
                + (mostRows == null ? "" : "Showing top " + mostRows + " rows\n")
                + suffix;
    }

    private List<List<String>> rows(List<Map<String, Object>> matches) {
        Map<List<String>, Integer> counts = new LinkedHashMap<>();
        for (Map<String, Object> match : matches) {
            List<String> key = paths.subList(0, paths.size() - 1).stream()
                    .map(path -> MessageLimits.text(Python.str(Document.lookup(match, path)), LONGEST_CELL))
                    .toList();
            counts.merge(key, 1, Integer::sum);
        }
        Stream<Map.Entry<List<String>, Integer>> entries = counts.entrySet().stream();
        if (mostRows != null) {
            entries = entries.sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                    .limit(mostRows);
        }
        return entries.map(e -> Stream.concat(
                                e.getKey().stream(), Stream.of(e.getValue().toString()))
                        .toList())
                .toList();
    }

    private static List<List<String>> shown(List<List<String>> rows) {
        int length = 0;
        for (int i = 0; i < rows.size(); i++) {
            length += rows.get(i).stream().mapToInt(String::length).sum();
            if (length > LONGEST) {
                return rows.subList(0, i);
            }
        }
        return rows;
    }

    private String markdown(List<List<String>> rows) {
        StringBuilder table = new StringBuilder(row(headers))
                .append("|-----".repeat(headers.size()))
                .append("|\n");
        rows.forEach(row -> table.append(row(row)));
        return table.toString();
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private String html(List<List<String>> rows) {
        StringBuilder table = new StringBuilder("<table frame=\"box\" rules=\"all\">\n    <thead>\n        <tr>\n");
        headers.forEach(header -> cell("th " + CELL, "th", header, table));
        table.append("        </tr>\n    </thead>\n    <tbody>\n");
        for (List<String> row : rows) {
            table.append("        <tr>\n");
            row.forEach(value -> cell("td " + CELL + "; vertical-align: top", "td", value, table));
            table.append("        </tr>\n");
        }
        return table.append("    </tbody>\n</table>").toString();
    }

    private static void cell(String open, String close, String text, StringBuilder table) {
        String escaped = TextWrap.expandTabs(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#x27;")
                .replace("\n", "<br>");
        table.append("            <")
                .append(open)
                .append("\">")
                .append(escaped)
                .append("</")
                .append(close)
                .append(">\n");
    }
}
