package serai.load;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The first line of a report: its separator, and the column of the table that each field fills. Names for people, such
 * as "Session Date", are compared as {@code session_date}, unless the route renames them or a column has just that
 * name.
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
                    .filter(n -> column(n, table, renamed) != null)
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
        Map<String, String> printed = new HashMap<>();
        for (String name : names) {
            ReportColumn column = column(name, table, renamed);
            if (column == null) {
                unknown.add(name);
            } else {
                String other = printed.put(column.name(), name);
                if (other != null) {
                    throw new ReportHeldException(twice(other, name, column.name()));
                }
            }
            columns.add(column);
        }
        List<String> missing = table.columns().keySet().stream()
                .filter(c -> !printed.containsKey(c) && !table.optional().contains(c))
                .toList();
        if (!unknown.isEmpty() || !missing.isEmpty()) {
            throw new ReportHeldException("The header is not that of " + table.relation() + ":"
                    + (missing.isEmpty() ? "" : missing(missing)) + (unknown.isEmpty() ? "" : unknown(unknown, table)));
        }
        return columns;
    }

    /** The column of a printed name: as the route says, or the one of just this name, or of the same spelling. */
    private static ReportColumn column(String printed, ReportTable table, Map<String, String> renamed) {
        String name = renamed.get(printed);
        if (name != null) {
            return table.columns().get(name);
        }
        ReportColumn exact = table.columns().get(printed.strip());
        return exact != null ? exact : table.columns().get(columnName(printed));
    }

    private static String twice(String first, String second, String column) {
        if (letters(first).equals(letters(second))) {
            return "The header has '" + second + "' twice"
                    + (first.equals(second) ? "" : ", also as '" + first + "'")
                    + ". Give the report's columns different names.";
        }
        return "The header has '" + first + "' and '" + second + "', which both read as the column " + column
                + ". Rename one in the question, or name its column in 'columns' of the route, as " + quoted(second)
                + "=COLUMN.";
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "");
    }

    private static String missing(List<String> columns) {
        return " missing " + shortened(columns)
                + ": the report does not have these columns of the table. Add them to the"
                + " question, or give them a default in the table, which allows reports without them.";
    }

    private static String unknown(List<String> names, ReportTable table) {
        String name = names.get(0);
        return " unknown " + shortened(names)
                + ": the table has no such columns. Rename or remove them in the question,"
                + " name their columns in 'columns' of the route, as " + quoted(name)
                + "=COLUMN, or add columns such as "
                + columnName(name) + " to " + table.relation() + ".";
    }

    /** A name as 'columns' takes it. */
    private static String quoted(String name) {
        return name.matches("[^\",=]+") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String shortened(List<String> names) {
        String text = names.toString();
        return text.length() > 300 ? text.substring(0, 300) + "...]" : text;
    }

    /** {@code Created At} and {@code createdAt} are {@code created_at}. Letters of all scripts are kept. */
    static String columnName(String printed) {
        return printed.strip()
                .replaceAll("([\\p{Ll}\\p{N}])(\\p{Lu})", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{M}\\p{N}]+", "_")
                .replaceAll("^_+|_+$", "");
    }
}
