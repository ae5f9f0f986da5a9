package serai.load.replicate;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/**
 * Takes over a slot that another reader has moved, as {@code meta.replicated_sources} asks for it. Tables are followed
 * from there, and none counts as complete before it was compared with the source, or copied anew if it differs.
 */
final class Adoption {

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private static final String VALIDATE = """
            insert into meta.validations as v (source, source_table, state, asked_by)
            values (?, ?, 'pending', 'adopt-slot')
            on conflict (source, source_table) do update
            set state = 'pending', asked_at = clock_timestamp(), asked_by = excluded.asked_by""";

    private final String source;
    private final Writer writer;
    private final TableStates states;
    private final Reloads reloads;

    Adoption(String source, Writer writer, TableStates states, Reloads reloads) {
        this.source = source;
        this.writer = writer;
        this.states = states;
        this.reloads = reloads;
    }

    boolean isAsked() throws SQLException {
        return writer.read(sql -> sql.first(
                        "select 1 from meta.replicated_sources where source = ? and adopt_asked_at is not null",
                        row -> true,
                        source)
                .isPresent());
    }

    /** Forgets what was asked for: there is nothing to take over. */
    void decline() throws SQLException {
        writer.read(sql -> sql.update(
                "update meta.replicated_sources set adopt_asked_at = null where source = ?"
                        + " and adopt_asked_at is not null",
                source));
    }

    /** Notes that it is done, in the transaction of the new position. */
    void take(Transaction tx) throws SQLException {
        tx.sql()
                .update(
                        "update meta.replicated_sources set adopt_asked_at = null, adopted_at = clock_timestamp()"
                                + " where source = ?",
                        source);
    }

    /** Begins with a table. What the other reader wrote to it is not known. */
    void begin(Transaction tx, ReplicatedTable table, long lsn) throws SQLException {
        switch (states.of(table.source())) {
            case PARKED -> LOG.debug("table={} It stays parked.", table);
            case COMPLETE -> {
                if (table.isKeyless()) {
                    // its rows cannot be compared one by one
                    reloads.begin(tx, table, true, lsn);
                    return;
                }
                WatchedRows.all(tx.sql(), table.target());
                states.doubt(tx.sql(), table);
                tx.sql().update(VALIDATE, source, table.toString());
            }
            default -> reloads.begin(tx, table, true, lsn);
        }
    }

    /** Goes on with tables whose comparison has ended. */
    void settle(List<ReplicatedTable> tables, long lsn) throws Exception {
        for (ReplicatedTable table : tables) {
            if (states.isInDoubt(table.source())) {
                Optional<String> state = writer.read(sql -> sql.first(
                        "select state from meta.validations where source = ? and source_table = ?",
                        row -> row.text("state"),
                        source,
                        table.toString()));
                if (state.equals(Optional.of("validated"))) {
                    trust(table, lsn);
                } else if (state.equals(Optional.of("mismatched")) || state.equals(Optional.of("error"))) {
                    copyAnew(table, lsn);
                }
            }
        }
    }

    private void trust(ReplicatedTable table, long lsn) throws Exception {
        writer.commitWithState(tx -> {
            if (table.plan().history()) {
                new TableHistory(tx, table).reconcile(LogPosition.text(lsn));
            }
            states.set(tx.sql(), table, TableStates.State.COMPLETE, null);
            return RunOutcome.ok();
        });
        LOG.info("source={} table={} It is equal to the source.", source, table);
    }

    private void copyAnew(ReplicatedTable table, long lsn) throws Exception {
        writer.commitWithState(tx -> {
            reloads.begin(tx, table, true, lsn);
            return RunOutcome.ok();
        });
        LOG.info("source={} table={} It differs from the source and is copied anew.", source, table);
    }
}
