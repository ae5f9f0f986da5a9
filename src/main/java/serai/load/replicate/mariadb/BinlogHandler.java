package serai.load.replicate.mariadb;

import java.io.Serializable;
import java.time.Instant;

/** What is done with what the log has. Each method may wait, and an exception ends the reading. */
public interface BinlogHandler {

    /** How a transaction ends. */
    enum End {
        COMMIT,
        ROLLBACK,
        /** It is to be committed or rolled back later, perhaps by another session. */
        PREPARED
    }

    /**
     * A transaction begins.
     *
     * @param position where its first event begins
     */
    void begin(long position, Instant time) throws Exception;

    /** A row was inserted; values are for {@link BinlogColumn#text}. */
    void insert(BinlogTable table, Serializable[] row) throws Exception;

    /** A row was updated. */
    void update(BinlogTable table, Serializable[] before, Serializable[] after) throws Exception;

    /** A row was deleted. */
    void delete(BinlogTable table, Serializable[] row) throws Exception;

    /**
     * A statement: one that changes tables, or rows without saying which.
     *
     * @param database that names without one belong to
     */
    void statement(String database, String sql) throws Exception;

    /**
     * The transaction has ended.
     *
     * @param position where the next one begins
     * @param gtid the transaction's name, such as {@code 0-1-17}; null when the server gives none
     */
    void end(End end, long position, Instant time, String gtid) throws Exception;

    /** All up to a position was read. */
    void idle(long position);
}
