package serai.load.replicate;

import java.sql.SQLException;
import java.time.Duration;

/** The rows of a table without a key at one instant, read in parts. */
interface TableSnapshot extends AutoCloseable {

    /** Chooses the instant; may wait for transactions of the source. */
    void take() throws SQLException;

    /** The instant: transactions whose commits stand before it in the log are in the snapshot, others are not. */
    String lsn();

    /**
     * Reads the next part.
     *
     * @param longest how long a query may last, unless it reads very little
     * @return false when it took too long; the next part is then smaller
     */
    boolean next(Duration longest, SourceRows.RowWork work) throws SQLException;

    /** Whether all parts were read. */
    boolean isRead();

    /** Ends what may wait at the source. */
    void abort();

    @Override
    void close() throws SQLException;
}
