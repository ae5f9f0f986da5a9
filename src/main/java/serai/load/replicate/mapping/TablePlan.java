package serai.load.replicate.mapping;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What arrives of a table, and where.
 *
 * @param schema of the target
 * @param table its name in the target
 * @param columns in the order of the target's table: those of the source in the source's order, then the computed ones
 * @param primaryKey names of the target's columns by which rows are found; empty when the source has no key
 * @param withheld names of the source's columns that never arrive
 * @param filter which rows arrive: asked with the new values of an insert or update; null when all do
 * @param filtered places of the source's columns that the filter reads
 * @param keepsDeleted whether a deleted row stays, and its computed columns get the values of the deletion
 * @param keyless how rows are followed that have no key; null when they have one, or nothing is chosen
 * @param history whether every version of a row is kept
 * @param loadOrder tables with higher numbers are copied first; 0 when no rule says
 * @param warnings what may surprise about the rules for this table
 */
public record TablePlan(
        String schema,
        String table,
        List<PlannedColumn> columns,
        List<String> primaryKey,
        List<String> withheld,
        Predicate<SourceRow> filter,
        Set<Integer> filtered,
        boolean keepsDeleted,
        Keyless keyless,
        boolean history,
        int loadOrder,
        List<String> warnings) {

    /** Copies the lists. */
    public TablePlan {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        withheld = List.copyOf(withheld);
        filtered = Set.copyOf(filtered);
        warnings = List.copyOf(warnings);
    }

    /**
     * Places of the source's columns whose values are needed. A copy selects no others, and the values of others are
     * dropped when a row is decoded.
     */
    public Set<Integer> reads() {
        Set<Integer> reads = new HashSet<>(filtered);
        columns.forEach(column -> reads.addAll(column.reads()));
        return reads;
    }

    /**
     * Whether the row cannot be judged or computed from what the log sent: it has to be read again at the source, by
     * its key.
     */
    public boolean isIncomplete(SourceRow row) {
        return filtered.stream().anyMatch(row::isUnchanged)
                || columns.stream().anyMatch(column -> column.isIncomplete(row));
    }

    /**
     * Whether the row of an insert or update arrives. One that does not, and is in the target, has left the selection:
     * it is deleted by its key.
     */
    public boolean selects(SourceRow row) {
        return filter == null || filter.test(row);
    }
}
