package serai.load.replicate;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/** Begins and ends the reloads of a source's tables. */
final class Reloads {

    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    private final ReplicationPlan plan;
    private final Writer writer;
    private final TableStates states;

    Reloads(ReplicationPlan plan, Writer writer, TableStates states) {
        this.plan = plan;
        this.writer = writer;
        this.states = states;
    }

    private ReloadedTable reloaded(Transaction tx, ReplicatedTable table, long lsn) {
        ChunkWriter out = new ChunkWriter(tx, states, null, plan.refusedRow(), LogPosition.text(lsn));
        return new ReloadedTable(tx, states, out, table, LogPosition.text(lsn));
    }

    /**
     * Begins to copy a table anew, beside itself.
     *
     * @param gap whether changes of it were lost
     * @param lsn the position
     */
    void begin(Transaction tx, ReplicatedTable table, boolean gap, long lsn) throws SQLException {
        if (table.isKeyless()) {
            new KeylessTable(tx, states, table).reload(gap);
        } else {
            reloaded(tx, table, lsn).begin(gap);
        }
    }

    /**
     * Begins to copy tables anew that somebody wants so.
     *
     * @return whether one of them was parked: then what is known of it is to be read anew, too
     */
    boolean beginWished(List<ReplicatedTable> tables, long lsn) throws Exception {
        Set<String> asked = writer.read(sql -> TableStates.asked(sql, plan.source()));
        boolean parked = false;
        for (ReplicatedTable table : tables) {
            TableStates.State state = states.of(table.source());
            boolean ready = state == TableStates.State.COMPLETE || state == TableStates.State.PARKED;
            if (asked.contains(table.toString()) && ready) {
                boolean isParked = state == TableStates.State.PARKED;
                boolean gap = isParked || states.hasGap(table.source());
                writer.commitWithState(tx -> {
                    begin(tx, table, gap, lsn);
                    return RunOutcome.ok();
                });
                LOG.info("source={} table={} It is being copied anew.", plan.source(), table);
                parked |= isParked;
            }
        }
        return parked;
    }

    /** Writes what differs in tables whose copies are whole at a position. */
    void settle(List<ReplicatedTable> tables, long lsn) throws Exception {
        for (ReplicatedTable table : tables) {
            if (states.isReloaded(table.source(), lsn)) {
                writer.commitWithState(tx -> {
                    reloaded(tx, table, lsn).settle();
                    return RunOutcome.ok();
                });
                LOG.info("source={} table={} It is copied anew.", plan.source(), table);
            }
        }
    }
}
