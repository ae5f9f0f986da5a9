package serai.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The write verbs of the warehouse, inside {@link Writer#commitWithState}. Another SQL dialect would need other verbs
 * here, and nothing else.
 *
 * <p>A verb that takes a SELECT takes its text, with {@code ?} for each parameter, and the parameters as {@link Sql}
 * does. The SELECT gives the named columns in their order.
 */
public final class Transaction {

    private static final String MARK_DIRTY = """
            insert into meta.dirty (relation, day, run_id) select ?, day, ? from unnest(?::date[]) as day
            on conflict (relation, day) do update set run_id = excluded.run_id, marked_at = clock_timestamp()""";

    private final Connection connection;
    private final Sql sql;
    private final String source;
    private final long runId;
    private final RejectTable rejects = new RejectTable();
    private String position;

    Transaction(Connection connection, String source, long runId) {
        this.connection = connection;
        this.sql = Sql.on(connection);
        this.source = source;
        this.runId = runId;
    }

    /** The writer's connection, in this transaction; do not commit it. */
    public Connection connection() {
        return connection;
    }

    /** Statements of this transaction: what they write is committed, or rolled back, with the rest. */
    public Sql sql() {
        return sql;
    }

    /** The run's id in {@code meta.runs}; 0 when {@link Writer#begin} was not called. */
    public long runId() {
        return runId;
    }

    /**
     * Opens a COPY of PostgreSQL's text format: tab between fields, {@code \N} for NULL, a newline after each row.
     *
     * @param table a table quoted for SQL, such as {@link Relation#sql()} or a temporary one
     */
    public CopyIn copyIn(String table, List<String> columns) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + table + " (" + names(columns) + ") from stdin");
    }

    /** Deletes the rows of a range and returns how many each day of it had. */
    public Map<LocalDate, Long> deleteRange(Relation relation, RowRange range) throws SQLException {
        Map<LocalDate, Long> days = new TreeMap<>();
        sql.each(
                "with deleted as (delete from " + relation.sql() + " where " + range.condition() + " returning "
                        + range.daySql() + " as day) select day, count(*) from deleted group by day",
                row -> days.put(row.date("day"), row.number("count")),
                range.from(),
                range.to());
        return days;
    }

    /** Replaces the rows of a range by those of a SELECT. The SELECT must give no row outside the range. */
    public Written replaceRange(
            Relation relation, RowRange range, List<String> columns, String select, Object... parameters)
            throws SQLException {
        long deleted = deleteRange(relation, range).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        return new Written(sql.update(insert(relation, columns, "", select), parameters), 0, deleted);
    }

    /**
     * Inserts rows whose key is new and updates those that differ; equal rows are not touched.
     *
     * @return how many rows were new, and how many had other values
     */
    public Written mergeOnKey(
            Relation relation, List<String> key, List<String> columns, String select, Object... parameters)
            throws SQLException {
        List<String> others = columns.stream().filter(c -> !key.contains(c)).toList();
        String action = others.isEmpty()
                ? "nothing"
                : "update set "
                        + others.stream()
                                .map(c -> Relation.quote(c) + " = excluded." + Relation.quote(c))
                                .collect(Collectors.joining(", "))
                        + " where (" + qualified("target", others) + ") is distinct from ("
                        + qualified("excluded", others) + ")";
        String merge = insert(relation, columns, " on conflict (" + names(key) + ") do " + action, select);
        // a row that was updated has the transaction that removed its old version in xmax
        return sql.first(
                        "with merged as (" + merge + " returning target.xmax = 0 as is_new) select"
                                + " count(*) filter (where is_new) as inserted,"
                                + " count(*) filter (where not is_new) as updated from merged",
                        row -> new Written(row.number("inserted"), row.number("updated"), 0),
                        parameters)
                .orElseThrow();
    }

    /**
     * Inserts rows whose key is new; rows that exist are not touched.
     *
     * @return the rows inserted
     */
    public long insertAbsent(
            Relation relation, List<String> key, List<String> columns, String select, Object... parameters)
            throws SQLException {
        return sql.update(
                insert(relation, columns, " on conflict (" + names(key) + ") do nothing", select), parameters);
    }

    private static String insert(Relation relation, List<String> columns, String onConflict, String select) {
        String list = names(columns);
        return "insert into " + relation.sql() + " as target (" + list + ") select " + list + " from (" + select
                + ") as source(" + list + ")" + onConflict;
    }

    /**
     * Replaces a table by another one, which takes its name, and drops it. The old table's owner, grants, comments and
     * indexes carry over; views that read it, of any owner, are created again. Set {@code lock_timeout} before: it
     * waits for the table's readers.
     *
     * @param table the table, which keeps its name
     * @param shadow the new rows, in the same schema; an index of it named {@code SHADOW_x} replaces {@code TABLE_x}
     * @param definitions newer definitions of some of the views, used where they fit
     * @throws SQLException when a view needs a column that the shadow lacks, or another object depends on the table;
     *     the message names it
     */
    public void swap(Relation table, Relation shadow, Map<Relation, String> definitions) throws SQLException {
        new TableSwap(connection, table, shadow).run(definitions);
    }

    /**
     * Creates a view or changes its definition. Where PostgreSQL cannot replace it in place, it and the views that read
     * it are created again, with their owners, grants and comments; a table of this name is dropped.
     *
     * @param select the definition; names follow the search path
     * @param definitions newer definitions of views that read it, used where they fit
     */
    public void replaceView(Relation view, String select, Map<Relation, String> definitions) throws SQLException {
        new ViewChange(connection, view, select).run(definitions);
    }

    /** Marks days whose rows changed, so that models which read the relation are recalculated. */
    public void markDirty(Relation relation, Collection<LocalDate> days) throws SQLException {
        sql.update(MARK_DIRTY, relation.toString(), runId, days);
    }

    /** Sets the source's position; it is written if the run ends as {@code OK} or {@code UNCHANGED}. */
    public void position(JsonNode position) {
        this.position = position.toString();
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

    void writePosition(RunOutcome.Status status) throws SQLException {
        if (status.advances() && position != null) {
            sql.update("""
                    insert into meta.offsets (source, position) values (?, ?::jsonb)
                    on conflict (source) do update
                    set position = excluded.position, updated_at = clock_timestamp()""", source, position);
        }
    }

    /** Rows that a verb inserted, updated and removed. */
    public record Written(long inserted, long updated, long deleted) {}

    private static String names(List<String> columns) {
        return columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
    }

    private static String qualified(String alias, List<String> columns) {
        return columns.stream().map(c -> alias + "." + Relation.quote(c)).collect(Collectors.joining(", "));
    }
}
