package serai.load.replicate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import serai.load.replicate.pgoutput.RowImage;

/** Values of rows, one after another in one array: each its kind, and for a text its length and bytes. */
final class RowArena {

    private byte[] bytes = new byte[1 << 12];
    private int used;

    /** All values; those of texts are slices of it. It is another array when it has grown. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the next value begins. */
    int used() {
        return used;
    }

    /** Adds a value of a row. */
    void append(RowImage row, int column) {
        byte kind = row.kind(column);
        int length = row.length(column);
        ensure(5 + length);
        bytes[used++] = kind;
        if (kind == RowImage.TEXT) {
            ByteBuffer.wrap(bytes, used, 4).putInt(length);
            System.arraycopy(row.bytes(), row.offset(column), bytes, used + 4, length);
            used += 4 + length;
        }
    }

    void appendNull() {
        ensure(1);
        bytes[used++] = RowImage.NULL;
    }

    /** Adds the value at a place again. */
    void repeat(int at) {
        int length = next(at) - at;
        ensure(length);
        System.arraycopy(bytes, at, bytes, used, length);
        used += length;
    }

    /** Where the value after this one begins. */
    int next(int at) {
        return bytes[at] == RowImage.TEXT ? at + 5 + length(at) : at + 1;
    }

    /** Adds the value at a place to a row over {@link #bytes}. */
    void read(int at, RowImage out) {
        boolean text = bytes[at] == RowImage.TEXT;
        out.add(bytes[at], text ? at + 5 : 0, text ? length(at) : 0);
    }

    /** The text at a place. */
    String text(int at) {
        return new String(bytes, at + 5, length(at), StandardCharsets.UTF_8);
    }

    private int length(int at) {
        return ByteBuffer.wrap(bytes, at + 1, 4).getInt();
    }

    private void ensure(int more) {
        if (bytes.length < used + more) {
            bytes = Arrays.copyOf(bytes, Math.max(used + more, 2 * bytes.length));
        }
    }
}
