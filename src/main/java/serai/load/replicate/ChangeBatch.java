package serai.load.replicate;

import java.util.Map;
import java.util.TreeMap;

/** Changes of a source that are applied together: whole transactions. It is the body of an exchange. */
public final class ChangeBatch {

    private final ReplicationSession session;
    private final Chunk chunk;
    private boolean applied;

    ChangeBatch(ReplicationSession session, Chunk chunk) {
        this.session = session;
        this.chunk = chunk;
    }

    /**
     * Writes the changes and the position in one transaction of the warehouse. What follows of a large transaction is
     * read meanwhile.
     *
     * @throws Exception when the warehouse cannot be written; nothing was, then
     */
    public void apply() throws Exception {
        session.apply(chunk);
        applied = true;
    }

    boolean isApplied() {
        return applied;
    }

    /** Whether it only brings the position on. */
    boolean isEmpty() {
        return chunk.changes() == 0 && chunk.barrier() == null;
    }

    /** The number of changed rows by table of the warehouse; of a large transaction those of its first part. */
    public Map<String, Integer> rows() {
        Map<String, Integer> rows = new TreeMap<>();
        chunk.tables()
                .forEach(changes -> rows.merge(changes.table().target().toString(), changes.size(), Integer::sum));
        chunk.counted()
                .forEach(counted -> rows.merge(counted.table().target().toString(), counted.size(), Integer::sum));
        return rows;
    }
}
