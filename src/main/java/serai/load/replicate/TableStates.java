package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.replicate.mapping.SourceTable;
import serai.warehouse.Relation;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** How far each table of a source is: the rows of {@code meta.replicated_tables}. */
final class TableStates {

    private static final Logger LOG = LoggerFactory.getLogger(TableStates.class);

    /** The values of {@code meta.replicated_tables.state}. */
    enum State {
        COPYING,
        CATCHING_UP,
        COMPLETE,
        RELOADING,
        PARKED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String SET = """
            insert into meta.replicated_tables as t (source, source_table, relation, state, gap, reason, copied_to)
            values (?, ?, ?, ?, ?, ?, ?::pg_lsn)
            on conflict (source, source_table) do update
            set relation = excluded.relation, state = excluded.state, gap = excluded.gap, reason = excluded.reason,
              copied_to = excluded.copied_to, changed_at = clock_timestamp()
            where (t.relation, t.state, t.gap, t.reason, t.copied_to)
              is distinct from (excluded.relation, excluded.state, excluded.gap, excluded.reason, excluded.copied_to)
            """;

    private static final String REACH = """
            update meta.replicated_tables set state = 'complete', changed_at = clock_timestamp()
            where source = ? and state = 'catching_up' and copied_to <= ?::pg_lsn returning source_table""";

    private static final String VANISHED =
            "it was dropped at the source, or is not selected any more, before its copy was complete.";

    private static final int LONGEST_NAME = 63;
    private static final String SHADOW = "__reload";
    private static final String LATER = "__later";

    /**
     * How far a table is.
     *
     * @param gap whether changes may be missing: a table that is reloaded for that is not followed meanwhile, one that
     *     is complete is being compared with the source
     * @param copiedTo up to where in the log a copy may be ahead of the position; NULL until the copy is done
     */
    private record Entry(State state, boolean gap, String copiedTo) {

        static Entry of(Row row) throws SQLException {
            return new Entry(State.valueOf(row.text("state")), row.flag("gap"), row.text("copied_to"));
        }
    }

    private final String source;
    /** Copies run side by side. */
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** Whether a table is to be copied in another shape than the session knows. */
    private volatile boolean reshaped;

    private TableStates(String source) {
        this.source = source;
    }

    static TableStates read(Sql sql, String source) throws SQLException {
        TableStates tables = new TableStates(source);
        sql.each(
                "select source_table, upper(state) as state, gap, copied_to::text as copied_to"
                        + " from meta.replicated_tables where source = ?",
                row -> tables.entries.put(row.text("source_table"), Entry.of(row)),
                source);
        return tables;
    }

    /** A table is to be copied in another shape than the session knows. */
    void reshaped() {
        reshaped = true;
    }

    /** Whether the session has to begin anew for that. */
    boolean isReshaped() {
        return reshaped;
    }

    /** Null for a table that was not replicated before. */
    State of(SourceTable table) {
        Entry entry = entries.get(table.toString());
        return entry == null ? null : entry.state();
    }

    boolean isParked(SourceTable table) {
        return of(table) == State.PARKED;
    }

    /** Whether ranges of the table have to be copied. */
    boolean isCopying(SourceTable table) {
        Entry entry = entries.get(table.toString());
        return entry != null
                && (entry.state() == State.COPYING || entry.state() == State.RELOADING && entry.copiedTo() == null);
    }

    /** Whether all tables have all changes up to the position. */
    boolean areAllComplete() {
        return entries.values().stream()
                .allMatch(
                        entry -> !entry.gap() && (entry.state() == State.COMPLETE || entry.state() == State.RELOADING));
    }

    /** The tables that have a whole copy beside them at a position. */
    boolean isReloaded(SourceTable table, long lsn) {
        Entry entry = entries.get(table.toString());
        return entry != null
                && entry.state() == State.RELOADING
                && entry.copiedTo() != null
                && Long.compareUnsigned(LogPosition.parse(entry.copiedTo()), lsn) <= 0;
    }

    boolean hasGap(SourceTable table) {
        Entry entry = entries.get(table.toString());
        return entry != null && entry.gap();
    }

    /** Whether it is followed though changes may be missing, until it was compared with the source. */
    boolean isInDoubt(SourceTable table) {
        return of(table) == State.COMPLETE && hasGap(table);
    }

    /** The tables of the warehouse that changes of a table are written to. */
    List<Relation> relations(ReplicatedTable table) {
        Entry entry = entries.get(table.source().toString());
        if (entry == null || entry.state() != State.RELOADING || table.isKeyless()) {
            return List.of(table.target());
        }
        return entry.gap() ? List.of(shadow(table.target())) : List.of(table.target(), shadow(table.target()));
    }

    /** Up to where in the log the copy of a table is; null when that is not known. */
    String copiedTo(SourceTable table) {
        Entry entry = entries.get(table.toString());
        return entry == null ? null : entry.copiedTo();
    }

    /** Whether the copy of a table does not have what was committed there. */
    boolean isAfterCopy(SourceTable table, String lsn) {
        String copied = copiedTo(table);
        return copied == null || Long.compareUnsigned(LogPosition.parse(lsn), LogPosition.parse(copied)) >= 0;
    }

    /** Whether a table may have rows that are newer than the position. */
    boolean isAhead(ReplicatedTable table, Relation relation) {
        State state = of(table.source());
        return state == State.COPYING || state == State.CATCHING_UP || !relation.equals(table.target());
    }

    /** Where ranges of a table are copied to. */
    Relation copy(ReplicatedTable table) {
        return of(table.source()) == State.RELOADING ? shadow(table.target()) : table.target();
    }

    /** The table in which a table is copied anew, beside it. */
    static Relation shadow(Relation table) {
        return beside(table, SHADOW);
    }

    /** The table with what changes while one without a key is copied. */
    static Relation later(Relation table) {
        return beside(table, LATER);
    }

    private static Relation beside(Relation table, String suffix) {
        String name = table.name();
        if (name.length() + suffix.length() > LONGEST_NAME) {
            CRC32 crc = new CRC32();
            crc.update(name.getBytes(StandardCharsets.UTF_8));
            name = name.substring(0, LONGEST_NAME - suffix.length() - 9) + "_" + Long.toHexString(crc.getValue());
        }
        return new Relation(table.schema(), name + suffix);
    }

    void set(Sql sql, ReplicatedTable table, State state, String copiedTo) throws SQLException {
        set(sql, table.source(), table.target().toString(), null, new Entry(state, false, copiedTo));
    }

    /** The table is whole as far as is known, and changes may be missing. */
    void doubt(Sql sql, ReplicatedTable table) throws SQLException {
        set(sql, table.source(), table.target().toString(), null, new Entry(State.COMPLETE, true, null));
    }

    /** Begins to copy a table anew. */
    void reload(Sql sql, ReplicatedTable table, boolean gap) throws SQLException {
        set(sql, table.source(), table.target().toString(), null, new Entry(State.RELOADING, gap, null));
        sql.update(
                "update meta.replicated_tables set reload_asked_at = null where source = ? and source_table = ?",
                source,
                table.toString());
    }

    /** All ranges of a table are copied. */
    void copied(Sql sql, ReplicatedTable table, String copiedTo) throws SQLException {
        Entry entry = entries.get(table.toString());
        State next = entry.state() == State.COPYING ? State.CATCHING_UP : entry.state();
        set(sql, table.source(), table.target().toString(), null, new Entry(next, entry.gap(), copiedTo));
    }

    private static void dropCopies(Sql sql, Relation target) throws SQLException {
        sql.execute("drop table if exists " + shadow(target).sql() + ", "
                + later(target).sql());
    }

    /** The table is not followed until it is copied anew; the others go on. */
    void park(Sql sql, SourceTable table, Relation target, String reason) throws SQLException {
        LOG.warn("source={} table={} It is not replicated any more: {}", source, table, reason);
        if (target != null) {
            dropCopies(sql, target);
        }
        set(sql, table, target == null ? "" : target.toString(), reason, new Entry(State.PARKED, false, null));
    }

    /**
     * Gives up tables whose copy cannot be completed, since they are there no more.
     *
     * @param present names of all tables that are replicated
     */
    void parkVanished(Sql sql, Set<String> present) throws SQLException {
        for (Map.Entry<String, Entry> entry : List.copyOf(entries.entrySet())) {
            State state = entry.getValue().state();
            boolean copied = state == State.COPYING || state == State.RELOADING;
            if (copied && !present.contains(entry.getKey())) {
                LOG.warn("source={} table={} It is not replicated any more: {}", source, entry.getKey(), VANISHED);
                String target = sql.first(
                                "select relation from meta.replicated_tables where source = ? and source_table = ?",
                                row -> row.text("relation"),
                                source,
                                entry.getKey())
                        .orElse("");
                if (!target.isEmpty()) {
                    dropCopies(sql, Relation.of(target));
                }
                Entry parked = new Entry(State.PARKED, false, null);
                sql.update(SET, source, entry.getKey(), target, parked.state().text(), false, VANISHED, null);
                entries.put(entry.getKey(), parked);
            }
        }
    }

    private void set(Sql sql, SourceTable table, String target, String reason, Entry entry) throws SQLException {
        sql.update(SET, source, table.toString(), target, entry.state().text(), entry.gap(), reason, entry.copiedTo());
        entries.put(table.toString(), entry);
    }

    /**
     * Tables whose copy has no newer rows than the position any more are complete.
     *
     * @return their names at the source
     */
    Set<String> reach(Sql sql, String lsn) throws SQLException {
        Set<String> reached = new TreeSet<>();
        if (entries.values().stream().anyMatch(entry -> entry.state() == State.CATCHING_UP)) {
            reached.addAll(sql.list(REACH, row -> row.text("source_table"), source, lsn));
            reached.forEach(table -> entries.put(table, new Entry(State.COMPLETE, false, lsn)));
        }
        return reached;
    }

    /** Gives a table up until it is copied anew, which begins by itself. */
    void copyAnew(Sql sql, SourceTable table, String reason) throws SQLException {
        LOG.info("source={} table={} It is to be copied anew: {}.", source, table, reason);
        String text = reason + ". It is copied anew.";
        set(sql, table, "", text, new Entry(State.PARKED, false, null));
        sql.update(
                "update meta.replicated_tables set reload_asked_at = clock_timestamp() where source = ? and"
                        + " source_table = ?",
                source,
                table.toString());
    }

    /** The tables that somebody wants copied anew. */
    static Set<String> asked(Sql sql, String source) throws SQLException {
        return new TreeSet<>(sql.list(
                "select source_table from meta.replicated_tables where source = ? and reload_asked_at is not null",
                row -> row.text("source_table"),
                source));
    }
}
