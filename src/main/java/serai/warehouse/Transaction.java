package serai.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** One transaction of a {@link Writer}: rows, and the state that belongs to them. */
public final class Transaction {

    private static final String MARK_DIRTY = """
            insert into meta.dirty (relation, day, run_id) select ?, day, ? from unnest(?::date[]) as day""";

    private static final String COMPLETE_TO = """
            insert into meta.completeness as c (relation, source, complete_to) values (?, ?, ?)
            on conflict (relation, source) do update set complete_to = excluded.complete_to
            where c.complete_to < excluded.complete_to""";

    private final Connection connection;
    private final Sql sql;
    private final WriteVerbs verbs;
    private String source;
    private final long runId;
    private final RejectTable rejects = new RejectTable();
    private String position;
    private State state = any -> {};
    private State heldState = any -> {};
    private final Map<Relation, Instant> completeTo = new TreeMap<>(Comparator.comparing(Relation::toString));

    Transaction(Connection connection, String source, long runId) {
        this.connection = connection;
        this.sql = Sql.on(connection);
        this.verbs = new PostgresVerbs(connection);
        this.source = source;
        this.runId = runId;
    }

    /** The writer's connection, in this transaction; do not commit it. */
    public Connection connection() {
        return connection;
    }

    /** What writes tables and views. */
    public WriteVerbs verbs() {
        return verbs;
    }

    /** Statements of this transaction: what they write is committed, or rolled back, with the rest. */
    public Sql sql() {
        return sql;
    }

    /** Makes rejects those of another source: the writer has a part of its work. */
    public void actFor(String other) {
        source = other;
    }

    /** The name of the source whose rows are written. */
    public String source() {
        return source;
    }

    /** The run's id in {@code meta.runs}; 0 when {@link Writer#begin} was not called. */
    public long runId() {
        return runId;
    }

    /**
     * Marks days whose rows changed, so that models which read the relation are recalculated. Marks are only added:
     * this waits for no other transaction.
     *
     * @param days in UTC
     */
    public void markDirty(Relation relation, Collection<LocalDate> days) throws SQLException {
        if (!days.isEmpty()) {
            sql.update(MARK_DIRTY, relation.toString(), runId, days);
        }
    }

    /** Sets the source's position; it is written if the run ends as {@code OK} or {@code UNCHANGED}. */
    public void position(JsonNode position) {
        this.position = position.toString();
    }

    /**
     * Sets up to when the source has brought all rows of a relation; it is written if the run ends as {@code OK} or
     * {@code UNCHANGED}, unless it was known to be complete further than that.
     */
    public void completeTo(Relation relation, Instant time) {
        completeTo.put(relation, time);
    }

    /** Statements of a source that belong to its position. */
    @FunctionalInterface
    public interface State {
        /** Writes it in the transaction. */
        void write(Sql sql) throws SQLException;
    }

    /** Sets what is written with the position: if the run ends as {@code OK} or {@code UNCHANGED}. */
    public void whenAdvancing(State written) {
        this.state = written;
    }

    /** Sets what is written if the run ends as {@code HELD}. */
    public void whenHeld(State written) {
        this.heldState = written;
    }

    /** Keeps a record that could not be applied in {@code meta.rejects}, however the run ends short of an exception. */
    public void reject(Reject reject) {
        rejects.add(reject);
    }

    /**
     * Resolves earlier rejects of a table: those of days that this run loads whole, unless it rejects them again. It
     * has an effect if the run ends as {@code OK} or {@code UNCHANGED}.
     *
     * @param from the first day that was loaded
     * @param to the day after the last
     * @param window the same as times, as in {@code meta.runs}
     */
    public void resolveRejects(Relation target, LocalDate from, LocalDate to, TimeWindow window) {
        rejects.cover(target, from, to, window);
    }

    void writeRejects(RunOutcome.Status status) throws SQLException {
        rejects.write(sql, source, runId, status.advances());
    }

    void writeCompleteness(RunOutcome.Status status) throws SQLException {
        if (status.advances()) {
            for (Map.Entry<Relation, Instant> entry : completeTo.entrySet()) {
                sql.update(COMPLETE_TO, entry.getKey().toString(), source, entry.getValue());
            }
        }
    }

    void writePosition(RunOutcome.Status status) throws SQLException {
        if (status == RunOutcome.Status.HELD) {
            heldState.write(sql);
        }
        if (status.advances()) {
            state.write(sql);
        }
        if (status.advances() && position != null) {
            sql.update("""
                    insert into meta.offsets (source, position) values (?, ?::jsonb)
                    on conflict (source) do update
                    set position = excluded.position, updated_at = clock_timestamp()""", source, position);
        }
    }
}
