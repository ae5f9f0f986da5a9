package serai.load.replicate.pgoutput;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The values of one row as slices of a message's bytes, in PostgreSQL's text form and UTF-8. The object is used again
 * for the next message: copy what has to stay.
 */
public final class RowImage {

    /** NULL. */
    public static final byte NULL = 'n';
    /** A large value that was not sent, because the change left it as it was. */
    public static final byte UNCHANGED = 'u';
    /** A text. */
    public static final byte TEXT = 't';

    private byte[] bytes;
    private int size;
    private byte[] kinds = new byte[16];
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];

    /** Begins a row whose values are slices of an array. */
    public void start(byte[] bytes) {
        this.bytes = bytes;
        size = 0;
    }

    /** Adds the next value. */
    public void add(byte kind, int offset, int length) {
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * size);
            offsets = Arrays.copyOf(offsets, 2 * size);
            lengths = Arrays.copyOf(lengths, 2 * size);
        }
        kinds[size] = kind;
        offsets[size] = offset;
        lengths[size++] = length;
    }

    /** The number of values. */
    public int size() {
        return size;
    }

    /** {@link #NULL}, {@link #UNCHANGED} or {@link #TEXT}. */
    public byte kind(int column) {
        return kinds[column];
    }

    /** The array that has the texts. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where a text begins. */
    public int offset(int column) {
        return offsets[column];
    }

    /** Bytes of a text; 0 for other kinds. */
    public int length(int column) {
        return lengths[column];
    }

    /** A text; null for the other kinds. */
    public String text(int column) {
        return kinds[column] == TEXT
                ? new String(bytes, offsets[column], lengths[column], StandardCharsets.UTF_8)
                : null;
    }

    /** Whether a value was not sent. */
    public boolean hasUnchanged() {
        for (int column = 0; column < size; column++) {
            if (kinds[column] == UNCHANGED) {
                return true;
            }
        }
        return false;
    }
}
