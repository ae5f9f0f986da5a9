package serai.load;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The first line of a report: its separator, and the column of the table that each field fills. Names for people, such
 * as "Session Date", are compared as {@code session_date}, unless the route renames them.
 *
 * @param line the line as it was received
 * @param separator comma, semicolon or tab
 * @param names the names as printed
 * @param columns the column that each field fills
 */
record ReportHeader(String line, char separator, List<String> names, List<ReportColumn> columns) {

    private static final char[] SEPARATORS = {',', ';', '\t'};

    /**
     * Reads a header. The separator is the one with which most names are columns of the table.
     *
     * @param line the first line without its line end
     * @param renamed column names by the printed names, where they differ by more than spelling
     * @throws ReportHeldException when the header is not the table's
     */
    static ReportHeader of(String line, ReportTable table, Map<String, String> renamed) throws ReportHeldException {
        char separator = ',';
        List<String> names = List.of();
        long most = -1;
        for (char candidate : SEPARATORS) {
            List<String> split = split(line, candidate);
            long known = split.stream()
                    .filter(n -> table.columns().containsKey(columnName(n, renamed)))
                    .count();
            if (known > most) {
                separator = candidate;
                names = split;
                most = known;
            }
        }
        return new ReportHeader(line, separator, names, columns(names, table, renamed));
    }

    private static List<String> split(String line, char separator) {
        CsvRecord record = new CsvRecord();
        try {
            new CsvParser(new StringReader(line), separator).next(record);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return record.texts();
    }

    /**
     * The column that each name stands for.
     *
     * @throws ReportHeldException when a name is unknown or comes twice, or a column without a default is missing
     */
    static List<ReportColumn> columns(List<String> names, ReportTable table, Map<String, String> renamed)
            throws ReportHeldException {
        List<ReportColumn> columns = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            ReportColumn column = table.columns().get(columnName(name, renamed));
            if (column == null) {
                unknown.add(name);
            } else if (!seen.add(column.name())) {
                throw new ReportHeldException(
                        "The header has '" + name + "' twice. Give the report's columns different names.");
            }
            columns.add(column);
        }
        List<String> missing = table.columns().keySet().stream()
                .filter(c -> !seen.contains(c) && !table.optional().contains(c))
                .toList();
        if (!unknown.isEmpty() || !missing.isEmpty()) {
            throw new ReportHeldException("The header is not that of " + table.relation() + ": "
                    + (missing.isEmpty() ? "" : "missing " + missing + " ")
                    + (unknown.isEmpty() ? "" : "unknown " + shortened(unknown) + " ")
                    + "- rename the report's columns, set 'columns' in the route, or change the table.");
        }
        return columns;
    }

    private static String shortened(List<String> names) {
        String text = names.toString();
        return text.length() > 300 ? text.substring(0, 300) + "...]" : text;
    }

    /** {@code Created At} and {@code createdAt} are {@code created_at}. */
    static String columnName(String printed, Map<String, String> renamed) {
        String name = renamed.get(printed);
        return name != null
                ? name
                : printed.strip()
                        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "_")
                        .replaceAll("^_+|_+$", "");
    }
}
