package serai.load.replicate;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/**
 * Where a session begins to read the log.
 *
 * @param tables what becomes of tables that were replicated before
 */
record StartPosition(LogPosition position, Tables tables) {

    private static final Logger LOG = LoggerFactory.getLogger(StartPosition.class);

    /** What becomes of tables that were replicated before. */
    enum Tables {
        GO_ON,
        COMPARE,
        COPY_ANEW
    }

    /**
     * Looks whether the log has all changes since a position. If not, that of another reader is taken over, or a new
     * one made, if that is asked for.
     *
     * @param last up to where the log was applied; null for a new source
     * @throws LostPositionException when changes since the position are gone
     */
    static StartPosition find(
            ReplicationPlan plan,
            Writer writer,
            SourceLog log,
            Adoption adoption,
            List<ReplicatedTable> tables,
            LogPosition last)
            throws Exception {
        if (last == null) {
            return new StartPosition(log.begin(), Tables.GO_ON);
        }
        try {
            log.require(last);
            return new StartPosition(last, Tables.GO_ON);
        } catch (LostPositionException e) {
            if (adoption.isAsked()) {
                LogPosition taken = taken(log, adoption);
                LOG.warn("source={} {}. It is taken over, and all tables are compared.", plan.source(), e.getMessage());
                return new StartPosition(taken, Tables.COMPARE);
            }
            requireReload(plan, writer, tables, e);
            LOG.warn("source={} {}. All tables are copied anew.", plan.source(), e.getMessage());
            writer.begin(Replication.KIND, null);
            writer.end(RunOutcome.failed(e.getMessage() + ". All tables are copied anew."));
            return new StartPosition(log.renew(), Tables.COPY_ANEW);
        }
    }

    private static LogPosition taken(SourceLog log, Adoption adoption) throws SQLException, LostPositionException {
        try {
            return log.taken();
        } catch (LostPositionException e) {
            adoption.decline();
            throw e;
        }
    }

    private static void requireReload(
            ReplicationPlan plan, Writer writer, List<ReplicatedTable> tables, LostPositionException e)
            throws SQLException, LostPositionException {
        Set<String> asked = writer.read(sql -> TableStates.asked(sql, plan.source()));
        boolean all = tables.stream().allMatch(table -> asked.contains(table.toString()));
        if (plan.onLostPosition() != OnLostPosition.RELOAD && (!all || tables.isEmpty())) {
            throw e;
        }
    }
}
