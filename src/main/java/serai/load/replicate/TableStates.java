package serai.load.replicate;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.replicate.mapping.SourceTable;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** How far each table of a source is: the rows of {@code meta.replicated_tables}. */
final class TableStates {

    private static final Logger LOG = LoggerFactory.getLogger(TableStates.class);

    /** The values of {@code meta.replicated_tables.state}. */
    enum State {
        COPYING,
        CATCHING_UP,
        COMPLETE,
        PARKED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String SET = """
            insert into meta.replicated_tables as t (source, source_table, relation, state, reason, copied_to)
            values (?, ?, ?, ?, ?, ?::pg_lsn)
            on conflict (source, source_table) do update
            set relation = excluded.relation, state = excluded.state, reason = excluded.reason,
              copied_to = excluded.copied_to, changed_at = clock_timestamp()
            where (t.relation, t.state, t.reason) is distinct from (excluded.relation, excluded.state, excluded.reason)
            """;

    private static final String REACH = """
            update meta.replicated_tables set state = 'complete', changed_at = clock_timestamp()
            where source = ? and state = 'catching_up' and copied_to <= ?::pg_lsn returning source_table""";

    private final String source;
    /** Copies run side by side. */
    private final Map<String, State> states = new ConcurrentHashMap<>();

    private TableStates(String source) {
        this.source = source;
    }

    static TableStates read(Sql sql, String source) throws SQLException {
        TableStates tables = new TableStates(source);
        sql.each(
                "select source_table, upper(state) as state from meta.replicated_tables where source = ?",
                row -> tables.states.put(row.text("source_table"), State.valueOf(row.text("state"))),
                source);
        return tables;
    }

    /** Null for a table that was not replicated before. */
    State of(SourceTable table) {
        return states.get(table.toString());
    }

    boolean isParked(SourceTable table) {
        return of(table) == State.PARKED;
    }

    boolean areAllComplete() {
        return states.values().stream().allMatch(state -> state == State.COMPLETE);
    }

    void set(Sql sql, ReplicatedTable table, State state, String copiedTo) throws SQLException {
        set(sql, table.source(), table.target().toString(), state, null, copiedTo);
    }

    /** The table is not followed until it is copied anew; the others go on. */
    void park(Sql sql, SourceTable table, Relation target, String reason) throws SQLException {
        LOG.warn("source={} table={} It is not replicated any more: {}", source, table, reason);
        set(sql, table, target == null ? "" : target.toString(), State.PARKED, reason, null);
    }

    private void set(Sql sql, SourceTable table, String target, State state, String reason, String copiedTo)
            throws SQLException {
        sql.update(SET, source, table.toString(), target, state.text(), reason, copiedTo);
        states.put(table.toString(), state);
    }

    /** Tables whose copy has no newer rows than the position any more are complete. */
    void reach(Sql sql, String lsn) throws SQLException {
        if (states.containsValue(State.CATCHING_UP)) {
            sql.each(REACH, row -> states.put(row.text("source_table"), State.COMPLETE), source, lsn);
        }
    }
}
