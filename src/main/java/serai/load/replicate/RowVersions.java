package serai.load.replicate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import serai.load.replicate.pgoutput.RowImage;

/**
 * Every image of rows of one table, in the order of the log, for its history. A value that was not sent is taken from
 * the image before of the same row, if there is one.
 */
final class RowVersions {

    /**
     * What happened to a row.
     *
     * @param operation {@code insert}, {@code update} or {@code delete}; of the last only the key is known
     * @param incomplete whether the log has only a part of the row, so that it is read at the source
     * @param sequence its place in its transaction
     */
    record Event(String operation, boolean incomplete, Instant committedAt, String position, long sequence) {

        boolean isDelete() {
            return operation.equals("delete");
        }
    }

    private final ReplicatedTable table;
    private final List<Event> events = new ArrayList<>();
    /** Where the values of each row begin. */
    private final List<Integer> rows = new ArrayList<>();

    private final Map<List<String>, Integer> last = new HashMap<>();
    private final RowArena arena = new RowArena();

    RowVersions(ReplicatedTable table) {
        this.table = table;
    }

    ReplicatedTable table() {
        return table;
    }

    int size() {
        return rows.size();
    }

    Event event(int version) {
        return events.get(version);
    }

    /** @param row in the target's columns */
    void add(Event event, RowImage row) {
        Integer before = last.put(key(row), size());
        boolean known = before != null && !events.get(before).isDelete();
        rows.add(arena.used());
        events.add(event);
        int old = known ? rows.get(before) : -1;
        for (int column = 0; column < row.size(); column++) {
            int next = old < 0 ? -1 : arena.next(old);
            if (event.isDelete() && !table.isKey(column)) {
                arena.appendNull();
            } else if (row.kind(column) == RowImage.UNCHANGED && old >= 0) {
                arena.repeat(old);
            } else {
                arena.append(row, column);
            }
            old = next;
        }
    }

    private List<String> key(RowImage row) {
        return Arrays.stream(table.key()).mapToObj(row::text).toList();
    }

    /** Reads the values of a version. */
    void read(int version, RowImage out) {
        out.start(arena.bytes());
        int at = rows.get(version);
        for (int column = 0; column < table.plan().columns().size(); column++) {
            arena.read(at, out);
            at = arena.next(at);
        }
    }

    /** The key of a version, as texts. */
    List<String> key(int version) {
        RowImage row = new RowImage();
        read(version, row);
        return key(row);
    }
}
