package serai.demo.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import serai.warehouse.Sql;

/** Copies the tables of a {@link SourceLoad} from one server to another and follows them by a slot of its own. */
abstract class Follower implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 900;

    private final String slot;
    private final String schema;
    private final Sql source;
    private final Connection targetConnection;

    /**
     * @param schema of the copied tables
     * @param source a connection to the source, the caller's to close
     * @param target a connection to the database of the copied tables, closed with this
     */
    Follower(String slot, String schema, Sql source, Connection target) {
        this.slot = slot;
        this.schema = schema;
        this.source = source;
        this.targetConnection = target;
    }

    final String slot() {
        return slot;
    }

    final Sql source() {
        return source;
    }

    final Sql target() {
        return Sql.on(targetConnection);
    }

    /** The name of a copied table. */
    final String table(String name) {
        return schema + "." + name;
    }

    /** Begins to copy, without a slot. */
    abstract void create() throws Exception;

    /** Goes on from the slot. */
    abstract void resume() throws Exception;

    /** Stops reading; the slot stays. */
    abstract void pause() throws Exception;

    /** Whether all rows of a first copy are there. */
    abstract boolean isCopied() throws SQLException;

    /** Removes tables, slot and whatever else, as an operator who begins anew. */
    abstract void remove() throws Exception;

    /** Processor time of what is neither the source's server nor the target's. */
    abstract double cpuSeconds() throws Exception;

    /** @throws Exception when it cannot follow any more */
    abstract void requireAlive() throws Exception;

    final boolean hasSlot() throws SQLException {
        return slotIs("true");
    }

    final boolean isReading() throws SQLException {
        return slotIs("active");
    }

    private boolean slotIs(String condition) throws SQLException {
        return source.first(
                        "select 1 from pg_replication_slots where slot_name = ? and " + condition, row -> true, slot)
                .isPresent();
    }

    /** A condition on a database. */
    interface Condition {
        boolean holds() throws Exception;
    }

    /** Asks again each 5 ms. */
    final void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            requireAlive();
            if (System.nanoTime() > end) {
                throw new IllegalStateException(slot + " waited too long: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public void close() throws Exception {
        targetConnection.close();
    }
}
