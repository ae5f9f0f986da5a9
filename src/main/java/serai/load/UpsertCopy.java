package serai.load;

import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import serai.warehouse.Transaction;

/** Streams the rows of a message into a staging table. Rows that do not fit are rejected; memory stays the same. */
final class UpsertCopy {

    private static final long SECONDS_OF_DAY = 86_400;

    private final MessageRows rows;
    private final ReportTable table;
    private final List<String> key;
    private final Scope scope;
    private final String file;
    private final List<ReportColumn> columns;
    private final RejectList rejects = new RejectList();
    private long written;

    /**
     * @param columns that the rows' values are for
     * @param key columns that identify a row
     * @param scope the rows of the table that the source has
     * @param file the name of the file with the rows, or null
     */
    UpsertCopy(
            MessageRows rows,
            ReportTable table,
            List<ReportColumn> columns,
            List<String> key,
            Scope scope,
            String file) {
        this.rows = rows;
        this.table = table;
        this.columns = columns;
        this.key = key;
        this.scope = scope;
        this.file = file;
    }

    /** Reads all rows into a table that has their columns and those of {@link KeyedRows}. */
    void run(Transaction tx, String target) throws SQLException, ReportHeldException {
        List<String> names =
                new ArrayList<>(columns.stream().map(ReportColumn::name).toList());
        names.add(KeyedRows.LINE);
        try (CopyStream copy = new CopyStream(tx.verbs().copyIn(target, names))) {
            CopyBuffer out = new CopyBuffer();
            for (MessageRows.Numbered row = rows.next(); row != null; row = rows.next()) {
                write(row, out, copy);
            }
            copy.end();
        }
    }

    private void write(MessageRows.Numbered row, CopyBuffer out, CopyStream copy)
            throws SQLException, ReportHeldException {
        if (row.reason() != null) {
            reject(row, null, null, row.reason());
            return;
        }
        out.startRow();
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                out.writeSeparator();
            }
            ReportColumn column = columns.get(i);
            String reason = write(column, text(row, i), out);
            if (reason != null) {
                reject(row, column.name(), day(row, out), reason);
                return;
            }
        }
        out.writeSeparator();
        out.writeAscii(Long.toString(row.number()));
        copy.row(out.bytes(), 0, out.length());
        written++;
    }

    private String write(ReportColumn column, String text, CopyBuffer out) {
        if (column.isNull(text) && key.contains(column.name())) {
            return "is empty, and it is part of the key";
        }
        if (column.isNull(text) && column == table.window()) {
            return "is empty, and it decides to which day the row belongs";
        }
        if (column.name().equals(scope.column()) && !scope.values().contains(text)) {
            return "is not in the scope of this source";
        }
        return column.write(text, out);
    }

    private String text(MessageRows.Numbered row, int column) {
        return RowValue.text(row.values().get(column), columns.get(column));
    }

    /** The day of a rejected row, in UTC; null when it cannot be read. */
    private LocalDate day(MessageRows.Numbered row, CopyBuffer out) {
        int window = columns.indexOf(table.window());
        if (window < 0 || columns.get(window).isNull(text(row, window))) {
            return null;
        }
        out.startRow();
        String reason = columns.get(window).write(text(row, window), out);
        TimestampParser time = table.windowFormat().time();
        long seconds = time.localSeconds() - (time.hasOffset() ? time.offsetSeconds() : 0);
        return reason == null ? LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_OF_DAY)) : null;
    }

    private void reject(MessageRows.Numbered row, String column, LocalDate day, String reason)
            throws ReportHeldException {
        List<String> fields = new ArrayList<>();
        row.values().forEach(value -> fields.add(value == null ? null : value.toString()));
        String csv = RejectedRecord.csv(rows.names()) + "\n" + RejectedRecord.csv(fields);
        Map<String, Object> place = place(row.number());
        place.put("key", key(row));
        rejects.add(RejectedRecord.of(table.relation(), place, column, day, csv, fields, reason));
    }

    /** The values of the key as they were received; null when the row has not all of them. */
    private List<String> key(MessageRows.Numbered row) {
        List<String> values = new ArrayList<>();
        for (String name : key) {
            int column = columns.indexOf(table.columns().get(name));
            String text = column < row.values().size() ? text(row, column) : null;
            if (text == null) {
                return null;
            }
            values.add(text);
        }
        return row.reason() == null ? values : null;
    }

    /** Where a row is: its number, from 1, and its file. */
    Map<String, Object> place(long number) {
        Map<String, Object> place = new HashMap<>();
        place.put("row", number);
        place.put("file", file);
        return place;
    }

    /** The rows that do not fit. */
    RejectList rejects() {
        return rejects;
    }

    /** Rows that fit. */
    long written() {
        return written;
    }
}
