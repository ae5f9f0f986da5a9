package serai.load.replicate;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * The log of a source, for one session. First {@link #carry}, then where to begin, then {@link #follow}; what is read
 * goes to the queue by a thread of its own.
 */
interface SourceLog extends AutoCloseable {

    /** The names of the tables, as {@code schema.table}, whose changes are in the log now. */
    List<ReplicatedTable> carried(List<ReplicatedTable> tables) throws SQLException;

    /** Whether what {@link #carried} says held since a position. */
    boolean isSame(LogPosition last) throws SQLException;

    /**
     * Sees that the log has the changes of these tables, and that no other session reads it.
     *
     * @throws SQLException with what to run, when the user may not do that
     */
    void carry(List<ReplicatedTable> tables) throws SQLException;

    /** A position from which on the log is kept; for a new source. */
    LogPosition begin() throws SQLException, LostPositionException;

    /**
     * Checks that the log has all changes since a position.
     *
     * @throws LostPositionException when it has not
     */
    void require(LogPosition last) throws SQLException, LostPositionException;

    /** Where another reader of the log has stopped. */
    LogPosition taken() throws SQLException, LostPositionException;

    /** A position from now on, in place of one that was lost. */
    LogPosition renew() throws SQLException, LostPositionException;

    /** A position with all that this log has to know of it. */
    default LogPosition complete(LogPosition from) throws SQLException {
        return from;
    }

    /** Whether the log has the changes of a table already from a position on that {@link #complete} has given. */
    default boolean follows(ReplicatedTable table) {
        return true;
    }

    /** Starts to read. */
    void follow(LogPosition from, ChunkQueue queue) throws SQLException;

    /** Whether the catalog has to be looked at for tables that came and went; else the log tells. */
    boolean looksForTables();

    /** Whether the log has told, up to where it is applied, that tables came, went or changed. */
    boolean hasOtherTables();

    /** All changes up to here were received. */
    long receivedLsn();

    /** The position after {@code last} at which the log was applied. */
    LogPosition at(LogPosition last, Chunk chunk);

    /** The source need not keep the log before this position. */
    void acknowledge(long lsn);

    /** @param xids of transactions that were applied, and that queries may not see yet */
    void applied(Collection<Integer> xids);

    /** Whether a query at the source sees all that was applied, and all that ran when the session began. */
    boolean isAppliedVisible() throws SQLException;

    /** Waits until a query at the source sees all that was applied. */
    void awaitVisible() throws SQLException;

    /** Forgets transactions that queries see; is called every few seconds. */
    void forgetVisible() throws SQLException;

    /** Ends what may wait at the source. */
    void abort();

    @Override
    void close() throws SQLException, InterruptedException;
}
