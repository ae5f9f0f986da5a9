package serai.load.replicate;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.load.replicate.pgoutput.RowImage;

/** The net changes of whole transactions, or of a part of a large one. */
final class Chunk {

    private static final int MOST_CHANGES = 20_000;
    private static final long MOST_BYTES = 8 << 20;

    /** Is done after the changes of its chunk. */
    @FunctionalInterface
    interface Barrier {
        /** Does it in the transaction of the chunk. */
        void run(ChunkWriter writer) throws SQLException;
    }

    private final Map<ReplicatedTable, TableChanges> tables = new LinkedHashMap<>();
    private final Map<ReplicatedTable, RowVersions> versions = new LinkedHashMap<>();
    private final Map<ReplicatedTable, CountedRows> counted = new LinkedHashMap<>();
    private final List<Integer> transactions = new ArrayList<>();
    private int changes;
    private long bytes;
    /** What it had when its last transaction began. */
    private int changesBefore;

    private long bytesBefore;
    private Barrier barrier;
    private long endLsn;
    private Instant committedAt;

    /** Adds a change of a row, in the target's columns. */
    void put(ReplicatedTable table, byte operation, RowImage row) {
        tables.computeIfAbsent(table, TableChanges::new).put(operation, row);
        changes++;
        for (int i = 0; i < row.size(); i++) {
            bytes += 5 + row.length(i);
        }
    }

    /** Adds a row of a table without a key that came (1) or went (-1). */
    void count(ReplicatedTable table, int count, String lsn, long sequence, RowImage row) {
        counted.computeIfAbsent(table, CountedRows::new).add(count, lsn, sequence, row);
        changes++;
        for (int i = 0; i < row.size(); i++) {
            bytes += 5 + row.length(i);
        }
    }

    /** Rows of tables without a key. */
    Collection<CountedRows> counted() {
        return counted.values();
    }

    /** Adds an image of a row to its table's history. */
    void version(ReplicatedTable table, RowVersions.Event event, RowImage row) {
        versions.computeIfAbsent(table, RowVersions::new).add(event, row);
        for (int i = 0; i < row.size(); i++) {
            bytes += 5 + row.length(i);
        }
    }

    /** The images of a table's rows for its history; null when it has none. */
    RowVersions versions(ReplicatedTable table) {
        return versions.get(table);
    }

    void barrier(Barrier after) {
        barrier = after;
    }

    Barrier barrier() {
        return barrier;
    }

    /** A transaction has ended whose changes it has. */
    void commit(long lsn, Instant time) {
        endLsn = lsn;
        committedAt = time;
    }

    /** Whether it ends with a transaction. */
    boolean isWhole() {
        return endLsn != 0;
    }

    /**
     * It goes on with the changes of another transaction.
     *
     * @param xid the lower 32 bits of its number
     */
    void reopen(int xid) {
        endLsn = 0;
        changesBefore = changes;
        bytesBefore = bytes;
        transactions.add(xid);
    }

    /** The numbers of its transactions, the lower 32 bits, of those that begin in it. */
    List<Integer> transactions() {
        return transactions;
    }

    long endLsn() {
        return endLsn;
    }

    /** When the last of its transactions was committed. */
    Instant committedAt() {
        return committedAt;
    }

    boolean isEmpty() {
        return changes == 0 && barrier == null && committedAt == null;
    }

    boolean isFull() {
        return changes >= MOST_CHANGES || bytes >= MOST_BYTES;
    }

    /**
     * Whether its last transaction alone fills a chunk. A smaller one is not divided, so that the transactions before
     * it can be committed: a transaction of the warehouse that goes on from chunk to chunk piles up versions of rows.
     */
    boolean isFullOfOne() {
        return changes - changesBefore >= MOST_CHANGES || bytes - bytesBefore >= MOST_BYTES;
    }

    int changes() {
        return changes;
    }

    Collection<TableChanges> tables() {
        return tables.values();
    }
}
