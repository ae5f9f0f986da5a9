package serai.warehouse;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.postgresql.copy.CopyIn;

/**
 * What a transaction does with tables and views. Another dialect is another implementation, and so is a cluster: tables
 * come into being and change places in {@code create…} and {@link #swap} only, which is where one would be distributed.
 *
 * <p>A verb that takes a SELECT takes its text, with {@code ?} for each parameter, and the parameters as {@link Sql}
 * does. The SELECT gives the named columns in their order.
 */
public interface WriteVerbs {

    /** Rows that a verb inserted, updated and removed. */
    record Written(long inserted, long updated, long deleted) {}

    /**
     * Creates a table.
     *
     * @param columns its columns as SQL
     */
    void createTable(Relation table, String columns) throws SQLException;

    /**
     * Creates a table without partitions that is divided by ranges of a column.
     *
     * @param columns its columns as SQL
     */
    void createPartitionedTable(Relation table, String columns, String column) throws SQLException;

    /**
     * Opens a COPY of PostgreSQL's text format: tab between fields, {@code \N} for NULL, a newline after each row.
     *
     * @param table a table quoted for SQL, such as {@link Relation#sql()} or a temporary one
     */
    CopyIn copyIn(String table, List<String> columns) throws SQLException;

    /** Deletes the rows of a range and returns how many there were. */
    long deleteRange(Relation relation, RowRange range) throws SQLException;

    /** Replaces the rows of a range by those of a SELECT. The SELECT must give no row outside the range. */
    Written replaceRange(Relation relation, RowRange range, List<String> columns, String select, Object... parameters)
            throws SQLException;

    /**
     * Inserts rows whose key is new and updates those that differ; equal rows are not touched.
     *
     * @return how many rows were new, and how many had other values
     */
    Written mergeOnKey(Relation relation, List<String> key, List<String> columns, String select, Object... parameters)
            throws SQLException;

    /**
     * Inserts rows whose key is new; rows that exist are not touched.
     *
     * @return the rows inserted
     */
    long insertAbsent(Relation relation, List<String> key, List<String> columns, String select, Object... parameters)
            throws SQLException;

    /**
     * Changes the columns of a table in place. Views that read it, of any owner, are created again where the change
     * needs it. Set {@code lock_timeout} before: it waits for the table's readers.
     *
     * @param actions of ALTER TABLE
     * @param definitions newer definitions of some of the views, used where they fit
     * @throws SQLException when a view or another object needs a column that is dropped or changed
     */
    void alterColumns(Relation table, List<String> actions, Map<Relation, String> definitions) throws SQLException;

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
    void swap(Relation table, Relation shadow, Map<Relation, String> definitions) throws SQLException;

    /**
     * Creates a view or changes its definition. Where PostgreSQL cannot replace it in place, it and the views that read
     * it are created again, with their owners, grants and comments. A table of this name is dropped, unless people have
     * put on it what a view cannot have: that is refused by name.
     *
     * @param select the definition; names follow the search path
     * @param definitions newer definitions of views that read it, used where they fit
     */
    void replaceView(Relation view, String select, Map<Relation, String> definitions) throws SQLException;
}
