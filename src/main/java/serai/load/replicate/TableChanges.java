package serai.load.replicate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import serai.load.replicate.pgoutput.RowImage;

/**
 * The net changes of one table, by key: the last image of each row that changed. A value that was not sent is taken
 * from the image before, if there is one.
 */
final class TableChanges {

    /** The row is gone. */
    static final byte DELETE = 'd';
    /** The row has these values; those that were not sent stay. */
    static final byte UPSERT = 'u';
    /** The row has to be read again at the source: only its key is known. */
    static final byte REREAD = 'r';
    /** The row is gone at the source and stays in the target, where it gets the values that were sent. */
    static final byte KEEP = 'k';

    private static final int NONE = -1;

    private final ReplicatedTable table;
    private final RowArena arena = new RowArena();
    private int size;
    private byte[] operations = new byte[64];
    /** Where the key of a row begins. */
    private int[] keys = new int[64];
    /** Where its values begin. */
    private int[] rows = new int[64];

    private int[] hashes = new int[64];
    /** Numbers of rows, from 1, by hash. */
    private int[] slots = new int[256];

    TableChanges(ReplicatedTable table) {
        this.table = table;
    }

    ReplicatedTable table() {
        return table;
    }

    /** The number of rows. */
    int size() {
        return size;
    }

    /** {@link #DELETE}, {@link #UPSERT}, {@link #REREAD} or {@link #KEEP}. */
    byte operation(int row) {
        return operations[row];
    }

    /**
     * Adds a change.
     *
     * @param row in the target's columns; of a delete and of a row that is to be read again only the key is used
     * @throws IllegalArgumentException when a value of the key is NULL or was not sent
     */
    void put(byte operation, RowImage row) {
        int start = arena.used();
        appendKey(row);
        int hash = hash(start, arena.used());
        int found = find(start, arena.used(), hash);
        int before = NONE;
        byte was = 0;
        if (found == NONE) {
            found = insert(start, hash);
        } else {
            was = operations[found];
            before = hasValues(found) ? rows[found] : NONE;
            keys[found] = start;
        }
        operations[found] = net(was, operation, row.hasUnchanged());
        rows[found] = arena.used();
        if (hasValues(found)) {
            appendRow(row, before);
        }
    }

    private boolean hasValues(int row) {
        return operations[row] == UPSERT || operations[row] == KEEP;
    }

    private static byte net(byte was, byte operation, boolean hasUnchanged) {
        if (operation == KEEP) {
            // a row that has left the selection before it was deleted does not come back
            return was == DELETE || was == UPSERT ? was : KEEP;
        }
        return was == REREAD && operation == UPSERT && hasUnchanged ? REREAD : operation;
    }

    private void appendKey(RowImage row) {
        for (int column : table.key()) {
            if (row.kind(column) != RowImage.TEXT) {
                throw new IllegalArgumentException("A change of " + table + " came without its key.");
            }
            arena.append(row, column);
        }
    }

    private void appendRow(RowImage row, int before) {
        int old = before;
        for (int column = 0; column < row.size(); column++) {
            int next = old == NONE ? NONE : arena.next(old);
            if (row.kind(column) == RowImage.UNCHANGED && old != NONE) {
                arena.repeat(old);
            } else {
                arena.append(row, column);
            }
            old = next;
        }
    }

    private int hash(int from, int to) {
        byte[] bytes = arena.bytes();
        int hash = 0x811c9dc5;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i]) * 0x01000193;
        }
        return hash ^ hash >>> 15;
    }

    private int find(int from, int to, int hash) {
        byte[] bytes = arena.bytes();
        int mask = slots.length - 1;
        for (int slot = hash & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int row = slots[slot] - 1;
            int key = keys[row];
            if (hashes[row] == hash
                    && key + to - from <= bytes.length
                    && Arrays.equals(bytes, key, key + to - from, bytes, from, to)) {
                return row;
            }
        }
        return NONE;
    }

    private int insert(int key, int hash) {
        if (size == operations.length) {
            operations = Arrays.copyOf(operations, 2 * size);
            keys = Arrays.copyOf(keys, 2 * size);
            rows = Arrays.copyOf(rows, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
            slots = new int[2 * slots.length];
            for (int row = 0; row < size; row++) {
                place(row);
            }
        }
        keys[size] = key;
        hashes[size] = hash;
        place(size);
        return size++;
    }

    private void place(int row) {
        int mask = slots.length - 1;
        int slot = hashes[row] & mask;
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        slots[slot] = row + 1;
    }

    /** Reads the values of a row; of a delete, and of a row to be read again, those of the key, others are NULL. */
    void read(int row, RowImage out) {
        out.start(arena.bytes());
        boolean whole = hasValues(row);
        int[] key = table.key();
        int[] places = new int[table.plan().columns().size()];
        Arrays.fill(places, NONE);
        int at = keys[row];
        for (int column : key) {
            places[column] = at;
            at = arena.next(at);
        }
        at = rows[row];
        for (int column = 0; column < places.length; column++) {
            int value = whole ? at : places[column];
            if (value == NONE) {
                out.add(RowImage.NULL, 0, 0);
            } else {
                arena.read(value, out);
            }
            at = whole ? arena.next(at) : at;
        }
    }

    /** The key of a row, as texts. */
    List<String> key(int row) {
        List<String> texts = new ArrayList<>();
        int at = keys[row];
        for (int i = 0; i < table.key().length; i++) {
            texts.add(arena.text(at));
            at = arena.next(at);
        }
        return texts;
    }
}
