package serai.load.metabase;

import serai.load.CsvRecord;
import serai.load.ReportCheck;
import serai.load.ReportHeldException;

/**
 * Finds the reports that Metabase sends with status 200 though the query failed or was cut off:
 * docs/reference/metabase.md, "Query failures".
 */
final class MetabaseCheck implements ReportCheck {

    static final String CHECK_URL = "Check metabase.url, and the proxy if there is one before Metabase.";

    private final Long expectedRows;
    private int fields;

    /** @param expectedRows the rows that the report should have, or null when they were not counted */
    MetabaseCheck(Long expectedRows) {
        this.expectedRows = expectedRows;
    }

    @Override
    public void firstLine(String line) throws ReportHeldException {
        if (line.startsWith("{") || line.startsWith("[")) {
            throw new ReportHeldException(
                    "Metabase answered with an error in place of rows: " + QueryError.message(line));
        }
        if (line.startsWith("<")) {
            throw new ReportHeldException("The reply is an HTML page and not the CSV of a report. " + CHECK_URL);
        }
    }

    /**
     * Metabase appends its error to the last row, with or without a line end before it. It is not quoted, as any cell
     * with a quote would be.
     */
    @Override
    public void record(CsvRecord record, long before) throws ReportHeldException {
        if (before == 0) {
            fields = record.fields();
        }
        if (record.startsWith(0, "{\"") && !record.isQuoted(0)) {
            throw failed(record, 0, before);
        }
        // an error has commas, so that a row with one behind it becomes longer
        for (int i = 0; i < fields && record.fields() > fields; i++) {
            if (!record.isQuoted(i) && error(record, i).contains("{\"database_id\"")) {
                throw failed(record, i, before);
            }
        }
    }

    private static ReportHeldException failed(CsvRecord record, int field, long before) {
        String text = error(record, field);
        return new ReportHeldException("Metabase's query failed after " + before + " rows: "
                + QueryError.message(text.substring(text.indexOf("{\""))));
    }

    private static String error(CsvRecord record, int field) {
        return String.join(",", record.texts().subList(field, record.fields()));
    }

    @Override
    public void end(long records, boolean endsWithLineEnd) throws ReportHeldException {
        if (!endsWithLineEnd) {
            throw new ReportHeldException("The report's last line has no line end: it was cut off.");
        }
        if (expectedRows != null && expectedRows != records) {
            throw new ReportHeldException("The report has " + records + " rows where the count question returned "
                    + expectedRows + ": it was cut off, or its data changed between the two replies.");
        }
    }

    @Override
    public boolean hasRowLimits() {
        return true;
    }

    @Override
    public String windowAdvice() {
        return "Filter the question by the parameters start and end.";
    }
}
