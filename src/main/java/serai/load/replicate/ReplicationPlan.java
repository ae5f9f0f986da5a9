package serai.load.replicate;

import java.time.Duration;
import java.util.List;

/**
 * What the route specifies.
 *
 * @param source the id of the route, the name of the position
 * @param mapping which tables and columns arrive, and where
 * @param slot that keeps the log at the source; null where there are none
 * @param publication of the tables at the source; null where there are none
 * @param queryLimit how long a query of a copy may last at the source, unless it reads very few rows
 * @param retainedWarn bytes of log that the source may keep before it is said
 * @param auditColumns that each table should have
 * @param validateEvery how often each table is compared with its source; zero: when somebody asks
 * @param validateRate the most rows a second that this reads
 */
record ReplicationPlan(
        String source,
        SourceDatabase database,
        TableCatalog.Planner mapping,
        String slot,
        String publication,
        ChunkWriter.RefusedRow refusedRow,
        OnLostPosition onLostPosition,
        Duration queryLimit,
        long retainedWarn,
        List<String> auditColumns,
        Duration validateEvery,
        int validateRate) {

    private static final int LONGEST_NAME = 56;

    /** The same, by the rules that there are by now. */
    ReplicationPlan newest() {
        return new ReplicationPlan(
                source,
                database,
                mapping.newest(),
                slot,
                publication,
                refusedRow,
                onLostPosition,
                queryLimit,
                retainedWarn,
                auditColumns,
                validateEvery,
                validateRate);
    }

    /** The publication of tables of which only inserts arrive. */
    String insertPublication() {
        return publication.substring(0, Math.min(publication.length(), LONGEST_NAME)) + "_append";
    }
}
