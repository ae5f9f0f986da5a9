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
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.copy.CopyIn;
import serai.warehouse.Reject;
import serai.warehouse.Transaction;

/**
 * Streams a report into a COPY: each record is checked against the table and passed on, or put aside. Memory does not
 * grow with the report, but for the rejects, which are bounded.
 */
final class WindowLoad {

    private static final int MOST_REJECTS = 100_000;
    private static final long MOST_REJECTED_CHARS = 32 << 20;

    private final ImportRun poll;
    private final ReportTable table;
    private final long maxBytes;
    private final DayTotals totals;
    private final long firstDay;
    private final long endDay;
    private final List<Reject> rejects = new ArrayList<>();
    private long rejectedChars;
    private long read;
    private long newest = Long.MIN_VALUE;

    WindowLoad(ImportRun poll, ReportTable table, long maxBytes) {
        this.poll = poll;
        this.table = table;
        this.maxBytes = maxBytes;
        this.firstDay = poll.firstDay().toEpochDay();
        this.endDay = poll.endDay().toEpochDay();
        this.totals = new DayTotals(poll.firstDay(), Math.toIntExact(endDay - firstDay));
    }

    /**
     * Reads the whole report.
     *
     * @param target a table, quoted for SQL, that has the header's columns, and {@code line} and {@code hash} too when
     *     numbered
     * @param numbered also write each record's line and hash, for a target in which keys are compared
     */
    void copy(Transaction tx, Report report, Map<String, String> renamed, String target, boolean numbered)
            throws IOException, SQLException, ReportHeldException {
        try (ReportStream stream = new ReportStream(report.bytes(), maxBytes)) {
            ReportHeader header = ReportHeader.of(stream.header(), table, renamed);
            List<String> columns = new ArrayList<>(
                    header.columns().stream().map(ReportColumn::name).toList());
            if (numbered) {
                columns.addAll(List.of(KeyedRows.LINE, KeyedRows.HASH));
            }
            CopyIn copy = tx.copyIn(target, columns);
            try {
                CopyBuffer out = new CopyBuffer(copy);
                read(stream, header, out, numbered);
                stream.requireWhole();
                out.flush();
                copy.endCopy();
            } finally {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
        }
    }

    private void read(ReportStream stream, ReportHeader header, CopyBuffer out, boolean numbered)
            throws IOException, SQLException, ReportHeldException {
        Reader reader = new InputStreamReader(
                stream,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)
                        .replaceWith(String.valueOf(ReportColumn.NOT_UTF8)));
        CsvReader<CsvRecord> csv = CsvReader.builder()
                .fieldSeparator(header.separator())
                .skipEmptyLines(false)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(true)
                .build(new CsvRecord(), reader);
        ReportColumn[] columns = header.columns().toArray(ReportColumn[]::new);
        int window = header.columns().indexOf(table.window());
        try {
            for (CsvRecord row : csv) {
                read++;
                write(row, header, columns, window, out, numbered);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            throw new ReportHeldException("The report is not CSV after record " + read + ": " + e.getMessage());
        }
    }

    private void write(
            CsvRecord row, ReportHeader header, ReportColumn[] columns, int window, CopyBuffer out, boolean numbered)
            throws SQLException, ReportHeldException {
        refuseQueryError(row);
        if (row.fields() != columns.length) {
            reject(row, header, null, "has " + row.fields() + " fields where the header has " + columns.length);
            return;
        }
        out.startRow();
        for (int i = 0; i < columns.length; i++) {
            if (i > 0) {
                out.separator();
            }
            String reason = columns[i].write(row, i, out);
            if (reason == null && i == window && row.start(i) == row.end(i)) {
                reason = "is empty, and it says which window the row belongs to";
            }
            if (reason != null) {
                out.takeBackRow();
                reject(row, header, columns[i].name(), reason);
                return;
            }
        }
        long hash = out.rowHash();
        totals.add(day(row, columns[window]), hash);
        if (numbered) {
            out.separator();
            out.ascii(Long.toString(line(row)));
            out.separator();
            out.ascii(Long.toString(hash));
        }
        out.endRow();
    }

    /**
     * Metabase glues its error behind the last row; any cell of a row that holds a quote would be quoted (spec,
     * contracts 1.4, 1.5).
     */
    private void refuseQueryError(CsvRecord row) throws ReportHeldException {
        char[] chars = row.chars();
        if (row.fields() > 0 && !row.quoted(0) && row.end(0) > 1 && chars[0] == '{' && chars[1] == '"') {
            throw new ReportHeldException("Metabase's query failed after " + (read - 1) + " rows: "
                    + QueryError.in(String.join(",", row.texts())));
        }
    }

    /** The row's day in the source's zone; it must lie in the window that was asked for. */
    private long day(CsvRecord row, ReportColumn column) throws ReportHeldException {
        long seconds = localSeconds(column);
        long day = Math.floorDiv(seconds, 86_400L);
        if (day < firstDay || day >= endDay) {
            throw new ReportHeldException(
                    "Line " + line(row) + ": " + column.name() + " is of " + LocalDate.ofEpochDay(day)
                            + ", outside the window asked for, " + poll.firstDay() + " to " + poll.endDay()
                            + " (exclusive). Filter the question by the parameters start and end.");
        }
        newest = Math.max(newest, seconds);
        return day;
    }

    private long localSeconds(ReportColumn column) {
        TimestampParser moment = column.moment();
        if (!moment.hasOffset()) {
            return moment.localSeconds();
        }
        long instant = moment.localSeconds() - moment.offsetSeconds();
        return poll.zone().equals(ZoneOffset.UTC)
                ? instant
                : instant
                        + poll.zone()
                                .getRules()
                                .getOffset(Instant.ofEpochSecond(instant))
                                .getTotalSeconds();
    }

    private void reject(CsvRecord row, ReportHeader header, String column, String reason) throws ReportHeldException {
        rejectedChars += row.size();
        if (rejects.size() == MOST_REJECTS || rejectedChars > MOST_REJECTED_CHARS) {
            throw new ReportHeldException("More than " + rejects.size()
                    + " records do not fit the table; the first of them stand in meta.rejects.");
        }
        rejects.add(new Reject(table.relation(), line(row), column, reason, header.names(), row.texts()));
    }

    /** The header is line 1 and was taken off before. */
    private static long line(CsvRecord row) {
        return row.line() + 1;
    }

    List<Reject> rejects() {
        return rejects;
    }

    DayTotals totals() {
        return totals;
    }

    long readRows() {
        return read;
    }

    /** The newest event time, or null when there was no row. */
    Instant newest() {
        return newest == Long.MIN_VALUE
                ? null
                : LocalDateTime.ofEpochSecond(newest, 0, ZoneOffset.UTC)
                        .atZone(poll.zone())
                        .toInstant();
    }
}
