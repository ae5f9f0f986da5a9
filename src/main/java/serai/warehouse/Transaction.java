package serai.warehouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The verbs of the warehouse inside {@link Writer#commitWithState}: this is the whole seam to another SQL dialect
 * (design, "Outgrowing one machine"). A select given to a verb names its columns; the verb writes the same columns.
 */
public final class Transaction {

    private final Connection connection;
    private final String source;
    private final long runId;
    private final List<Reject> rejects = new ArrayList<>();
    private String position;

    Transaction(Connection connection, String source, long runId) {
        this.connection = connection;
        this.source = source;
        this.runId = runId;
    }

    /**
     * For reading and for temporary tables. What is written here and not by a verb is still taken back with the rest.
     */
    public Connection connection() {
        return connection;
    }

    /** The run's id in the ledger; 0 when {@link Writer#begin} was not called. */
    public long runId() {
        return runId;
    }

    /**
     * Opens a COPY of PostgreSQL's text format: tab between fields, {@code \N} for NULL, a newline after each row.
     *
     * @param table a table quoted for SQL, such as {@link Relation#sql()} or a temporary one
     */
    public CopyIn copyIn(String table, List<String> columns) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyStatement(table, columns));
    }

    /** Copies a whole stream of the text format and returns its rows. */
    public long copyIn(InputStream rows, Relation relation, List<String> columns) throws SQLException, IOException {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyIn(copyStatement(relation.sql(), columns), rows);
    }

    private static String copyStatement(String table, List<String> columns) {
        return "copy " + table + " (" + names(columns) + ") from stdin";
    }

    /** Removes a range and returns how many rows each day of it had. */
    public Map<LocalDate, Long> deleteRange(Relation relation, RowRange range) throws SQLException {
        String sql = "with gone as (delete from " + relation.sql() + " where " + range.condition() + " returning "
                + range.daySql() + " as day) select day, count(*) from gone group by day";
        Map<LocalDate, Long> days = new TreeMap<>();
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setObject(1, range.from());
            s.setObject(2, range.to());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    days.put(r.getObject(1, LocalDate.class), r.getLong(2));
                }
            }
        }
        return days;
    }

    /**
     * Replaces a range by what a select gives; rows of the select outside the range are the caller's fault and fail the
     * run.
     */
    public Written replaceRange(Relation relation, RowRange range, List<String> columns, BoundQuery select)
            throws SQLException {
        long deleted = deleteRange(relation, range).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        String insert = "insert into " + relation.sql() + " (" + names(columns) + ") ";
        try (PreparedStatement s = select.prepare(connection, insert, List.of(), "")) {
            return new Written(s.executeLargeUpdate(), deleted);
        }
    }

    /** Inserts rows whose key is new and updates those that differ; rows that are equal already are left alone. */
    public long mergeOnKey(Relation relation, List<String> key, List<String> columns, BoundQuery select)
            throws SQLException {
        List<String> others = columns.stream().filter(c -> !key.contains(c)).toList();
        String conflict = others.isEmpty()
                ? "nothing"
                : "update set "
                        + others.stream()
                                .map(c -> Relation.quote(c) + " = excluded." + Relation.quote(c))
                                .collect(Collectors.joining(", "))
                        + " where (" + qualified("target", others) + ") is distinct from ("
                        + qualified("excluded", others) + ")";
        return insert(relation, columns, select, " on conflict (" + names(key) + ") do " + conflict);
    }

    /** Inserts rows whose key is not there yet; the others are left as they are. */
    public long insertAbsent(Relation relation, List<String> key, List<String> columns, BoundQuery select)
            throws SQLException {
        return insert(relation, columns, select, " on conflict (" + names(key) + ") do nothing");
    }

    /**
     * Puts a table in another's place and drops the other. The old table's owner, grants, comments and indexes carry
     * over; the views that stand on it, anybody's, are created again. Set {@code lock_timeout} before: it waits for the
     * table's readers.
     *
     * @param table the table, which keeps its name
     * @param shadow the new rows, in the same schema; an index of it named {@code SHADOW_x} takes the place of
     *     {@code TABLE_x}
     * @param definitions newer definitions of some of the views, used where they fit
     * @throws SQLException when a view needs a column that the shadow lacks, or something else stands on the table; the
     *     message names it
     */
    public void swap(Relation table, Relation shadow, Map<Relation, String> definitions) throws SQLException {
        new TableSwap(connection, table, shadow).run(definitions);
    }

    /**
     * Creates a view or changes its definition. Where PostgreSQL cannot replace it in place, it and the views that
     * stand on it are created again, with their owners, grants and comments; a table in its place is dropped.
     *
     * @param select the definition; names follow the search path
     * @param definitions newer definitions of views that stand on it, used where they fit
     */
    public void replaceView(Relation view, String select, Map<Relation, String> definitions) throws SQLException {
        new ViewChange(connection, view, select).run(definitions);
    }

    private long insert(Relation relation, List<String> columns, BoundQuery select, String conflict)
            throws SQLException {
        String insert = "insert into " + relation.sql() + " as target (" + names(columns) + ") select " + names(columns)
                + " from (";
        try (PreparedStatement s =
                select.prepare(connection, insert, List.of(), ") as source(" + names(columns) + ")" + conflict)) {
            return s.executeLargeUpdate();
        }
    }

    /** Says that the rows of these days changed, so that models which read the relation are recalculated. */
    public void markDirty(Relation relation, Collection<LocalDate> days) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                insert into meta.dirty (relation, day, run_id) select ?, day, ? from unnest(?::date[]) as day
                on conflict (relation, day) do update set run_id = excluded.run_id, marked_at = clock_timestamp()""")) {
            s.setString(1, relation.toString());
            s.setLong(2, runId);
            s.setArray(3, dates(days));
            s.executeUpdate();
        }
    }

    /** Sets the source's position; it is written if the run ends as {@code OK} or {@code UNCHANGED}. */
    public void position(JsonNode position) {
        this.position = position.toString();
    }

    /** Puts a record aside. It is kept however the run ends, short of an exception. */
    public void reject(Reject reject) {
        rejects.add(reject);
    }

    void writeRejects() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                insert into meta.rejects (run_id, source, relation, line, column_name, reason, columns, record, fingerprint)
                select r.*, md5(r.record::text)
                from (values (?, ?, ?, ?, ?, ?, ?, ?)) as r(run_id, source, relation, line, column_name, reason, columns, record)
                on conflict (source, relation, fingerprint) do update set run_id = excluded.run_id, line = excluded.line,
                  column_name = excluded.column_name, reason = excluded.reason, last_seen = clock_timestamp()""")) {
            for (Reject reject : rejects) {
                s.setLong(1, runId);
                s.setString(2, source);
                s.setString(3, reject.relation().toString());
                s.setLong(4, reject.line());
                s.setString(5, reject.column());
                s.setString(6, reject.reason());
                s.setArray(7, texts(reject.columns()));
                s.setArray(8, texts(reject.record()));
                s.addBatch();
            }
            s.executeBatch();
        }
    }

    void writePosition(long epoch, RunOutcome.Status status) throws SQLException, FencedOffException {
        boolean moves = position != null && (status == RunOutcome.Status.OK || status == RunOutcome.Status.UNCHANGED);
        try (PreparedStatement s = connection.prepareStatement("""
                update meta.offsets set position = coalesce(?::jsonb, position), updated_at = clock_timestamp()
                where source = ? and epoch = ?""")) {
            s.setString(1, moves ? position : null);
            s.setString(2, source);
            s.setLong(3, epoch);
            if (s.executeUpdate() == 0) {
                throw new FencedOffException(source, epoch);
            }
        }
    }

    /** Rows written and removed by a verb. */
    public record Written(long inserted, long deleted) {}

    private Array dates(Collection<LocalDate> days) throws SQLException {
        return connection.createArrayOf("date", days.stream().map(Date::valueOf).toArray());
    }

    private Array texts(List<String> values) throws SQLException {
        return connection.createArrayOf(
                "text",
                values.stream()
                        .map(v -> v == null ? null : v.replace("\0", "\uFFFD"))
                        .toArray());
    }

    private static String names(List<String> columns) {
        return columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
    }

    private static String qualified(String alias, List<String> columns) {
        return columns.stream().map(c -> alias + "." + Relation.quote(c)).collect(Collectors.joining(", "));
    }
}
