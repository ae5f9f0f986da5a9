package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/**
 * The ranges of keys by which tables are copied: the rows of {@code meta.copy_ranges}. One whose query lasts too long
 * at the source is divided by ten, until it is so small that its query may take any time.
 */
final class CopyRanges {

    /** The rows of a range at first. */
    private static final int MOST_ROWS = 50_000;

    /** A range of so few rows is not ended, or its table would never be copied. */
    private static final int UNLIMITED_ROWS = 100;

    private static final int DIVISOR = 10;

    private static final Logger LOG = LoggerFactory.getLogger(CopyRanges.class);

    private final ReplicationPlan plan;
    private final Writer writer;

    /** @param writer of the source */
    CopyRanges(ReplicationPlan plan, Writer writer) {
        this.plan = plan;
        this.writer = writer;
    }

    /**
     * A part of a table.
     *
     * @param rows that it had at most when it was made
     */
    record Range(ReplicatedTable table, int number, SourceRows.KeyRange keys, int rows) {

        /** Whether its query may be ended. */
        boolean isLimited() {
            return rows > UNLIMITED_ROWS;
        }

        /** How long its query may last, if others last so long at most; zero: for ever. */
        Duration limit(Duration usual) {
            return isLimited() ? usual : Duration.ZERO;
        }
    }

    /** The table is copied from its beginning. */
    static void forget(Transaction tx, ReplicatedTable table) throws SQLException {
        tx.sql()
                .update(
                        "delete from meta.copy_ranges where source = ? and source_table = ?",
                        tx.source(),
                        table.toString());
    }

    /** Whether all ranges of a table were made, and copied. */
    boolean areDone(ReplicatedTable table) throws Exception {
        return writer.read(sql -> sql.first(
                        "select coalesce(bool_and(done_at is not null), false) as done from meta.copy_ranges"
                                + " where source = ? and source_table = ?",
                        row -> row.flag("done"),
                        plan.source(),
                        table.toString())
                .orElse(false));
    }

    /** The ranges of a table that are not copied yet; they are made when there are none. */
    List<Range> of(ReplicatedTable table) throws Exception {
        if (writer.read(sql -> read(sql, table)).isEmpty()) {
            List<Range> made = make(table, new SourceRows.KeyRange(List.of(), List.of()), 0, MOST_ROWS);
            writer.commitWithState(tx -> {
                insert(tx.sql(), made);
                return RunOutcome.ok();
            });
        }
        return writer.read(sql -> read(sql, table)).stream()
                .filter(range -> range.number() >= 0)
                .toList();
    }

    /** The ranges of a table; those that are done have the number -1. */
    private List<Range> read(Sql sql, ReplicatedTable table) throws SQLException {
        return sql.list(
                "select case when done_at is null then number else -1 end as number, after, up_to, rows"
                        + " from meta.copy_ranges where source = ? and source_table = ? order by number",
                row -> new Range(
                        table,
                        (int) row.number("number"),
                        new SourceRows.KeyRange(row.texts("after"), row.texts("up_to")),
                        (int) row.number("rows")),
                plan.source(),
                table.toString());
    }

    private void insert(Sql sql, List<Range> ranges) throws SQLException {
        for (Range range : ranges) {
            sql.update(
                    "insert into meta.copy_ranges (source, source_table, number, after, up_to, rows)"
                            + " values (?, ?, ?, ?::text[], ?::text[], ?)",
                    plan.source(),
                    range.table().toString(),
                    range.number(),
                    range.keys().after(),
                    range.keys().upTo(),
                    range.rows());
        }
    }

    /** Puts smaller ranges in the place of one. */
    void divide(Range range) throws Exception {
        int rows = range.rows() / DIVISOR;
        int next = writer.read(sql -> sql.first(
                        "select max(number) + 1 as next from meta.copy_ranges where source = ? and source_table = ?",
                        row -> (int) row.number("next"),
                        plan.source(),
                        range.table().toString())
                .orElseThrow());
        List<Range> parts = make(range.table(), range.keys(), next, rows);
        LOG.info(
                "source={} table={} A query of its copy lasted longer than {} ms. Its range is divided into {}.",
                plan.source(),
                range.table(),
                plan.queryLimit().toMillis(),
                parts.size());
        writer.commitWithState(tx -> {
            long mine = tx.sql()
                    .update(
                            "delete from meta.copy_ranges where source = ? and source_table = ? and number = ?"
                                    + " and done_at is null",
                            plan.source(),
                            range.table().toString(),
                            range.number());
            if (mine > 0) {
                insert(tx.sql(), parts);
            }
            return RunOutcome.ok();
        });
    }

    /**
     * Ranges that make up a range.
     *
     * @param first the number of the first one
     * @param most rows that each has
     */
    private List<Range> make(ReplicatedTable table, SourceRows.KeyRange of, int first, int most) throws SQLException {
        List<Range> ranges = new ArrayList<>();
        try (Connection source = plan.database().connect()) {
            SourceRows.KeyRange rest = of;
            int rows = most;
            while (true) {
                Range range = next(source, table, rest, first + ranges.size(), rows);
                ranges.add(range);
                if (range.keys().upTo().equals(of.upTo())) {
                    return ranges;
                }
                rest = new SourceRows.KeyRange(range.keys().upTo(), of.upTo());
                rows = range.rows();
            }
        }
    }

    /** The first range of a rest, with fewer rows where they cannot be counted in time. */
    private Range next(Connection source, ReplicatedTable table, SourceRows.KeyRange rest, int number, int most)
            throws SQLException {
        for (int rows = most; true; rows = rows / DIVISOR) {
            Range range = new Range(table, number, rest, rows);
            plan.database().limitQueries(source, range.limit(plan.queryLimit()));
            try {
                List<String> end = plan.database().rows(source).keyAt(table, rest, rows);
                List<String> upTo = end.isEmpty() ? rest.upTo() : end;
                return new Range(table, number, new SourceRows.KeyRange(rest.after(), upTo), rows);
            } catch (SQLException e) {
                if (!plan.database().isCanceled(e) || !range.isLimited()) {
                    throw e;
                }
            }
        }
    }
}
