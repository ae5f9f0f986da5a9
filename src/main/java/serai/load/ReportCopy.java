package serai.load;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.copy.CopyIn;
import serai.warehouse.Reject;
import serai.warehouse.Transaction;

/**
 * Streams a report into a COPY: each record is checked against the table and is either copied or rejected. Memory does
 * not grow with the report.
 */
final class ReportCopy {

    private final Report report;
    private final ReportTable table;
    private final long maxBytes;
    private final RowTimes times;
    private final DayTotals totals;
    private final RejectList rejects = new RejectList();
    private ReportHeader header;
    private ReportColumn[] columns;
    private int window;
    private boolean numbered;
    private CopyBuffer out;
    private long read;

    ReportCopy(Report report, ImportRun run, ReportTable table, long maxBytes) {
        this.report = report;
        this.table = table;
        this.maxBytes = maxBytes;
        this.times = new RowTimes(run, table, report.check().windowAdvice());
        this.totals = new DayTotals(run.firstDay(), run.endDay());
    }

    /**
     * Reads the whole report.
     *
     * @param renamed column names by the report's names
     * @param target a table, quoted for SQL, that has the header's columns, and those of {@link KeyedRows} when
     *     numbered
     * @param withLines whether to write each record's line and hash too
     */
    void run(Transaction tx, Map<String, String> renamed, String target, boolean withLines)
            throws IOException, SQLException, ReportHeldException {
        numbered = withLines;
        try (ReportStream stream = new ReportStream(report, maxBytes)) {
            header = ReportHeader.of(stream.header(), table, renamed);
            columns = header.columns().toArray(ReportColumn[]::new);
            window = header.columns().indexOf(table.window());
            CopyIn copy = tx.copyIn(target, targetColumns());
            try {
                out = new CopyBuffer(copy);
                readRecords(stream);
                stream.requireComplete(read);
                out.flush();
                copy.endCopy();
            } finally {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
        }
    }

    private List<String> targetColumns() {
        List<String> names = new ArrayList<>();
        header.columns().forEach(column -> names.add(column.name()));
        if (numbered) {
            names.addAll(List.of(KeyedRows.LINE, KeyedRows.HASH));
        }
        return names;
    }

    private void readRecords(ReportStream stream) throws IOException, SQLException, ReportHeldException {
        try {
            for (CsvRecord record : csv(stream)) {
                report.check().record(record, read);
                read++;
                write(record);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            throw new ReportHeldException("The report is not CSV after record " + read + ": " + e.getMessage());
        }
    }

    private CsvReader<CsvRecord> csv(ReportStream stream) {
        Reader reader = new InputStreamReader(
                stream,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)
                        .replaceWith(String.valueOf(TextFormat.NOT_UTF8)));
        return CsvReader.builder()
                .fieldSeparator(header.separator())
                .skipEmptyLines(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(true)
                .build(new CsvRecord(), reader);
    }

    private void write(CsvRecord record) throws SQLException, ReportHeldException {
        if (record.fields() != columns.length) {
            reject(record, null, "has " + record.fields() + " fields where the header has " + columns.length);
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
            if (reason != null) {
                out.dropRow();
                reject(record, columns[i].name(), reason);
                return;
            }
        }
        endRow(record);
    }

    private void endRow(CsvRecord record) throws SQLException, ReportHeldException {
        long line = line(record);
        long hash = out.rowHash();
        totals.add(times.day(line), hash);
        if (numbered) {
            out.writeSeparator();
            out.writeAscii(Long.toString(line));
            out.writeSeparator();
            out.writeAscii(Long.toString(hash));
        }
        out.endRow();
    }

    private void reject(CsvRecord record, String column, String reason) throws ReportHeldException {
        rejects.add(new Reject(table.relation(), line(record), column, reason, header.names(), record.texts()));
    }

    /** The header is line 1, and no longer in the stream. */
    private static long line(CsvRecord record) {
        return record.line() + 1;
    }

    /** The records that were not copied. */
    RejectList rejects() {
        return rejects;
    }

    /** Rows and hash of each day. */
    DayTotals totals() {
        return totals;
    }

    /** Records read so far, with those rejected. */
    long readRecords() {
        return read;
    }

    /** The newest event time, or null when no row was copied. */
    Instant newest() {
        return times.newest();
    }
}
