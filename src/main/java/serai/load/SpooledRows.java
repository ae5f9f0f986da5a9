package serai.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import serai.load.RowSpool.Part;
import serai.load.RowSpool.SpooledRow;
import serai.warehouse.Transaction;

/** Copies the rows of some days from the spool into a table, without those that the database refuses. */
final class SpooledRows {

    private final Transaction tx;
    private final ImportRun run;
    private final ReplacePlan plan;
    private final SpooledReport report;
    private final BitSet days;
    private final String target;
    private final List<String> columns;
    private final boolean numbered;
    private final Set<LocalDate> partialDays = new TreeSet<>();
    private long written;

    /**
     * @param days as numbers from the window's first
     * @param target quoted for SQL
     * @param numbered whether the last of the columns is the line of each row
     */
    SpooledRows(
            Transaction tx,
            ImportRun run,
            ReplacePlan plan,
            SpooledReport report,
            BitSet days,
            String target,
            List<String> columns,
            boolean numbered) {
        this.tx = tx;
        this.run = run;
        this.plan = plan;
        this.report = report;
        this.days = days;
        this.target = target;
        this.columns = columns;
        this.numbered = numbered;
    }

    void write() throws SQLException, IOException, ReportHeldException {
        try {
            new RefusedRows(tx).write(new Spooled(report.all()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Rows copied. */
    long written() {
        return written;
    }

    /** Days of which rows were refused. */
    Set<LocalDate> partialDays() {
        return partialDays;
    }

    /** A part of the spool. */
    private final class Spooled implements RefusedRows.Rows {

        private final Part part;

        Spooled(Part part) {
            this.part = part;
        }

        @Override
        public boolean areMany() {
            return part.rows() > 1;
        }

        @Override
        public void write() throws SQLException {
            try (CopyStream copy = new CopyStream(tx.verbs().copyIn(target, columns))) {
                long sent = report.rows().copy(part, days, numbered, copy);
                copy.end();
                written += sent;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<RefusedRows.Rows> halves() {
            try {
                List<RefusedRows.Rows> halves = new ArrayList<>();
                for (Part half : report.rows().halves(part)) {
                    halves.add(new Spooled(half));
                }
                return halves;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void reject(String column, String reason) throws ReportHeldException {
            try {
                SpooledRow row = report.rows().only(part);
                LocalDate day = run.firstDay().plusDays(row.day());
                List<String> values = CopyText.fields(row.copyText());
                partialDays.add(day);
                report.rejects()
                        .add(RejectedRecord.of(
                                plan.relation(),
                                Map.of("line", row.line()),
                                column,
                                day,
                                RejectedRecord.csv(report.columns()) + "\n" + RejectedRecord.csv(values),
                                values,
                                reason));
                plan.guard().checkRejects(report.read(), report.rejects().size());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
