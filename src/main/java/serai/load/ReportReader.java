package serai.load;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads a report, checks its records, and keeps those that fit in a {@link RowSpool}. */
final class ReportReader {

    private final Report report;
    private final ReportTable table;
    private final ReplacePlan plan;
    private final WindowTotals totals;
    private final RejectList rejects = new RejectList();
    private long read;

    ReportReader(Report report, ImportRun run, ReportTable table, ReplacePlan plan) {
        this.report = report;
        this.table = table;
        this.plan = plan;
        this.totals = new WindowTotals(run, table, report.check().windowAdvice());
    }

    /**
     * Reads the whole report.
     *
     * @throws ReportHeldException when it is not the table's, was cut off, or has too many records that do not fit
     */
    SpooledReport read(RowSpool rows) throws IOException, ReportHeldException {
        try (ReportStream stream = new ReportStream(report)) {
            ReportHeader header = ReportHeader.of(stream.header(), table, plan.renamed());
            requireScope(header);
            stream.beginRecords(header.separator());
            read(
                    new CsvParser(reader(stream), header.separator()),
                    new RowWriter(table, header, plan.scope(), rows, totals, rejects));
            stream.requireComplete(read);
            return new SpooledReport(
                    table,
                    header.columns().stream().map(ReportColumn::name).toList(),
                    read,
                    report.check().hasRowLimits(),
                    rejects,
                    totals,
                    rows,
                    rows.all());
        }
    }

    private void requireScope(ReportHeader header) throws ReportHeldException {
        Scope scope = plan.scope();
        if (!scope.isAll() && !header.columns().contains(table.columns().get(scope.column()))) {
            throw new ReportHeldException("The report has no column " + scope.column() + ", which 'scope' names.");
        }
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

    private void read(CsvParser csv, RowWriter rows) throws IOException, ReportHeldException {
        CsvRecord record = new CsvRecord();
        while (csv.next(record)) {
            report.check().record(record, read);
            read++;
            rows.write(record);
        }
    }

    /** How the run ends when {@link #read} has thrown. */
    RejectList rejects() {
        return rejects;
    }

    /** Records read so far, with those rejected. */
    long recordsRead() {
        return read;
    }
}
