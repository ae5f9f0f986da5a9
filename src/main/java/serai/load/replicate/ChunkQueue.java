package serai.load.replicate;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/**
 * Hands chunks from the thread that reads to the one that applies. What was committed is taken as soon as that one is
 * idle; while it is busy, transactions are gathered. So are they for a moment when they are old: each chunk costs some
 * statements, and a backlog is applied sooner in larger ones. At most one full chunk waits, so memory is bounded.
 */
final class ChunkQueue {

    /** Keeps a connection alive that is not read. */
    @FunctionalInterface
    interface KeepAlive {
        /** Is called every second. */
        void send() throws SQLException;
    }

    private static final long SECOND = 1_000;
    /** Transactions that were committed longer ago are a backlog. */
    private static final Duration OLD = Duration.ofSeconds(1);

    private static final Duration GATHER = Duration.ofMillis(200);

    private Chunk current = new Chunk();
    private Chunk waiting;
    private boolean open;
    private boolean closed;
    private Exception failure;
    /** Until when a backlog is gathered, as {@link System#nanoTime}. */
    private long gatherUntil = System.nanoTime();

    /** The chunk that is filled; only for the thread that reads, inside a transaction. */
    Chunk current() {
        return current;
    }

    synchronized void begin(int xid) {
        open = true;
        current.reopen(xid);
    }

    /** A transaction has ended: its changes may be taken. */
    synchronized void commit(long endLsn, Instant time, KeepAlive keepAlive) throws SQLException, InterruptedException {
        current.commit(endLsn, time);
        open = false;
        if (isReady()) {
            notifyAll();
        }
        if (current.isFull()) {
            handOver(keepAlive);
        }
    }

    /** Hands over the part of a transaction that was read. */
    synchronized void slice(KeepAlive keepAlive) throws SQLException, InterruptedException {
        handOver(keepAlive);
    }

    private void handOver(KeepAlive keepAlive) throws SQLException, InterruptedException {
        // it may have been taken while this thread waited
        Chunk mine = current;
        while (waiting != null && !closed && current == mine) {
            wait(SECOND);
            keepAlive.send();
        }
        if (closed) {
            throw new InterruptedException("The chunks are not taken any more.");
        }
        if (current == mine) {
            waiting = current;
            current = new Chunk();
        }
        notifyAll();
    }

    /**
     * The next chunk.
     *
     * @param most how long to wait
     * @return null when there was none
     * @throws SQLException when reading has failed
     */
    synchronized Chunk take(Duration most) throws SQLException, InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        gatherUntil = Math.min(end, System.nanoTime() + GATHER.toNanos());
        while (true) {
            if (waiting != null) {
                Chunk taken = waiting;
                waiting = null;
                notifyAll();
                return taken;
            }
            if (isReady()) {
                Chunk taken = current;
                current = new Chunk();
                notifyAll();
                return taken;
            }
            if (failure != null) {
                throw new SQLException("Reading the log ended: " + failure.getMessage(), failure);
            }
            long now = System.nanoTime();
            long left = (end - now) / 1_000_000;
            if (closed || left <= 0) {
                return null;
            }
            wait(gatherUntil - now > 0 ? 1 + (gatherUntil - now) / 1_000_000 : left);
        }
    }

    /** Whether a transaction is a part of a backlog. */
    static boolean isOld(Instant committedAt) {
        return committedAt != null && committedAt.isBefore(Instant.now().minus(OLD));
    }

    private boolean isReady() {
        return !open
                && !current.isEmpty()
                && (failure != null || !isOld(current.committedAt()) || System.nanoTime() - gatherUntil >= 0);
    }

    /** Whether nothing was read that is not taken. */
    synchronized boolean isIdle() {
        return !open && waiting == null && current.isEmpty();
    }

    /** Changes that wait; about, while some are read. */
    synchronized int changes() {
        return current.changes() + (waiting == null ? 0 : waiting.changes());
    }

    /** Reading has ended. */
    synchronized void fail(Exception reason) {
        failure = reason;
        notifyAll();
    }

    /** Nothing is taken any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
