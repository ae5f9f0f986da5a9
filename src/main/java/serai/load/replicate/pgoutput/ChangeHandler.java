package serai.load.replicate.pgoutput;

import java.sql.SQLException;
import java.util.List;

/** What is done with the changes of committed transactions, in the order of their commits. */
public interface ChangeHandler {

    /**
     * A transaction begins.
     *
     * @param commitLsn where its commit stands in the log
     * @param micros its commit time, in microseconds since 2000-01-01 UTC
     * @param xid its number, the lower 32 bits
     */
    void begin(long commitLsn, long micros, int xid) throws SQLException, InterruptedException;

    /**
     * It ends.
     *
     * @param endLsn the position behind the commit: what is acknowledged once it is applied
     */
    void commit(long endLsn, long micros) throws SQLException, InterruptedException;

    /** A table is described, for the first time or anew. */
    void relation(SourceRelation relation) throws SQLException, InterruptedException;

    /** A new row. */
    void insert(SourceRelation relation, RowImage row) throws SQLException, InterruptedException;

    /**
     * A changed row.
     *
     * @param old its key before, or the whole row; null when the key did not change
     * @param whole whether {@code old} is the whole row
     */
    void update(SourceRelation relation, RowImage old, boolean whole, RowImage row)
            throws SQLException, InterruptedException;

    /** A row that is gone. */
    void delete(SourceRelation relation, RowImage old, boolean whole) throws SQLException, InterruptedException;

    /** All rows of some tables are gone. */
    void truncate(List<SourceRelation> relations) throws SQLException, InterruptedException;

    /** A message of {@code pg_logical_emit_message}. */
    default void message(String prefix) throws SQLException, InterruptedException {}
}
