package serai.load.replicate;

import java.nio.ByteBuffer;
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
    /** Where the values of each row begin: kind, and for a text its length and bytes. */
    private final List<Integer> rows = new ArrayList<>();

    private final Map<List<String>, Integer> last = new HashMap<>();
    private byte[] arena = new byte[1 << 10];
    private int used;

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
        rows.add(used);
        events.add(event);
        int old = known ? rows.get(before) : -1;
        for (int column = 0; column < row.size(); column++) {
            int next = old < 0 ? -1 : next(old);
            if (event.isDelete() && !table.isKey(column)) {
                append(RowImage.NULL, null, 0, 0);
            } else if (row.kind(column) == RowImage.UNCHANGED && old >= 0) {
                ensure(next - old);
                System.arraycopy(arena, old, arena, used, next - old);
                used += next - old;
            } else {
                append(row.kind(column), row.bytes(), row.offset(column), row.length(column));
            }
            old = next;
        }
    }

    private List<String> key(RowImage row) {
        return Arrays.stream(table.key()).mapToObj(row::text).toList();
    }

    private void append(byte kind, byte[] bytes, int offset, int length) {
        ensure(5 + length);
        arena[used++] = kind;
        if (kind == RowImage.TEXT) {
            ByteBuffer.wrap(arena, used, 4).putInt(length);
            System.arraycopy(bytes, offset, arena, used + 4, length);
            used += 4 + length;
        }
    }

    private void ensure(int more) {
        if (arena.length < used + more) {
            arena = Arrays.copyOf(arena, Math.max(used + more, 2 * arena.length));
        }
    }

    private int next(int at) {
        return arena[at] == RowImage.TEXT ? at + 5 + length(at) : at + 1;
    }

    private int length(int at) {
        return ByteBuffer.wrap(arena, at + 1, 4).getInt();
    }

    /** Reads the values of a version. */
    void read(int version, RowImage out) {
        out.start(arena);
        int at = rows.get(version);
        for (int column = 0; column < table.plan().columns().size(); column++) {
            boolean text = arena[at] == RowImage.TEXT;
            out.add(arena[at], text ? at + 5 : 0, text ? length(at) : 0);
            at = next(at);
        }
    }

    /** The key of a version, as texts. */
    List<String> key(int version) {
        RowImage row = new RowImage();
        read(version, row);
        return key(row);
    }
}
