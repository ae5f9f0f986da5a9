package serai.load;

import java.io.IOException;
import java.time.LocalDate;
import java.util.Map;

/** Checks the records of a report against the table: each is kept for COPY or rejected. */
final class RowWriter {

    private final ReportTable table;
    private final ReportHeader header;
    private final ReportColumn[] columns;
    private final int window;
    private final Scope scope;
    private final int scoped;
    private final CopyBuffer out = new CopyBuffer();
    private final RowSpool rows;
    private final WindowTotals totals;
    private final RejectList rejects;

    RowWriter(
            ReportTable table,
            ReportHeader header,
            Scope scope,
            RowSpool rows,
            WindowTotals totals,
            RejectList rejects) {
        this.table = table;
        this.header = header;
        this.columns = header.columns().toArray(ReportColumn[]::new);
        this.window = header.columns().indexOf(table.window());
        this.scope = scope;
        this.scoped =
                scope.isAll() ? -1 : header.columns().indexOf(table.columns().get(scope.column()));
        this.rows = rows;
        this.totals = totals;
        this.rejects = rejects;
    }

    /** @throws ReportHeldException when the record is outside the window, or too many were rejected */
    void write(CsvRecord record) throws IOException, ReportHeldException {
        if (record.fields() != columns.length) {
            String fields = "has " + record.fields() + " fields where the header has " + columns.length;
            reject(record, null, record.isBlank() ? "is a blank line" : fields);
            return;
        }
        out.startRow();
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) {
                out.writeSeparator();
            }
            String reason = columns[i].write(record, i, out);
            if (reason == null && i == window && record.start(i) == record.end(i)) {
                reason = "is empty, and it decides to which window the row belongs";
            }
            if (reason == null && i == scoped && !scope.values().contains(record.text(i))) {
                reason = "is not in the scope of this source";
            }
            if (reason != null) {
                reject(record, columns[i].name(), reason);
                return;
            }
        }
        rows.append(out, totals.add(line(record), out.rowHash()), line(record));
    }

    private void reject(CsvRecord record, String column, String reason) throws ReportHeldException {
        rejects.add(RejectedRecord.of(
                table.relation(),
                Map.of("line", line(record)),
                column,
                day(record),
                header.line() + "\n" + record.csv(header.separator()),
                record.texts(),
                reason));
    }

    /** The day to which a rejected record belongs; null when that cannot be read. */
    private LocalDate day(CsvRecord record) {
        if (record.fields() != columns.length || record.start(window) == record.end(window)) {
            return null;
        }
        out.startRow();
        String reason = columns[window].write(record, window, out);
        return reason == null ? totals.lastDay() : null;
    }

    /** The line in the report: the header was line 1, and is no longer in the stream. */
    private static long line(CsvRecord record) {
        return record.line() + 1;
    }
}
