package serai.load;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.warehouse.Transaction;

/** Streams a report into a COPY. Memory does not grow with the report. */
final class ReportCopy {

    private final Report report;
    private final ReportTable table;
    private final Scope scope;
    private final WindowTotals totals;
    private final RejectList rejects = new RejectList();
    private long read;

    ReportCopy(Report report, ImportRun run, ReportTable table, Scope scope) {
        this.scope = scope;
        this.report = report;
        this.table = table;
        this.totals = new WindowTotals(run, table, report.check().windowAdvice());
    }

    /**
     * Reads the whole report.
     *
     * @param renamed column names by the report's names
     * @param target a table, quoted for SQL, that has the header's columns, and those of {@link KeyedRows} when
     *     numbered
     * @param numbered whether to write each record's line and hash too
     */
    void run(Transaction tx, Map<String, String> renamed, String target, boolean numbered)
            throws IOException, SQLException, ReportHeldException {
        try (ReportStream stream = new ReportStream(report)) {
            ReportHeader header = ReportHeader.of(stream.header(), table, renamed);
            requireScope(header);
            stream.beginRecords(header.separator());
            try (CopyStream copy = new CopyStream(tx.verbs().copyIn(target, targetColumns(header, numbered)))) {
                copyRecords(
                        new CsvParser(reader(stream), header.separator()),
                        new RowWriter(table, header, scope, numbered, copy, totals, rejects));
                stream.requireComplete(read);
                copy.end();
            }
        }
    }

    private void requireScope(ReportHeader header) throws ReportHeldException {
        if (!scope.isAll() && !header.columns().contains(table.columns().get(scope.column()))) {
            throw new ReportHeldException("The report has no column " + scope.column() + ", which 'scope' names.");
        }
    }

    private static List<String> targetColumns(ReportHeader header, boolean numbered) {
        List<String> names = new ArrayList<>();
        header.columns().forEach(column -> names.add(column.name()));
        if (numbered) {
            names.addAll(List.of(KeyedRows.LINE, KeyedRows.HASH));
        }
        return names;
    }

    private static Reader reader(ReportStream stream) {
        return new InputStreamReader(
                stream,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)
                        .replaceWith(String.valueOf(TextFormat.NOT_UTF8)));
    }

    private void copyRecords(CsvParser csv, RowWriter rows) throws IOException, SQLException, ReportHeldException {
        CsvRecord record = new CsvRecord();
        while (csv.next(record)) {
            report.check().record(record, read);
            read++;
            rows.write(record);
        }
    }

    /** The records that were not copied. */
    RejectList rejects() {
        return rejects;
    }

    /** The rows that were copied, by day. */
    WindowTotals totals() {
        return totals;
    }

    /** Records read so far, with those rejected. */
    long read() {
        return read;
    }
}
