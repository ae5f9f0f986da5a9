package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import serai.load.replicate.pgoutput.RowImage;

/** Makes images of rows from texts, with memory that is used again. */
final class RowTexts {

    private byte[] bytes = new byte[1 << 10];
    private int[] ends = new int[16];
    private boolean[] nulls = new boolean[16];
    private int size;

    /** Begins a row. */
    void start() {
        size = 0;
    }

    /** Adds the next value; null: NULL. */
    void add(String text) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            nulls = Arrays.copyOf(nulls, 2 * size);
        }
        int from = size == 0 ? 0 : ends[size - 1];
        byte[] utf8 = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > bytes.length - from) {
            bytes = Arrays.copyOf(bytes, 2 * (from + utf8.length));
        }
        System.arraycopy(utf8, 0, bytes, from, utf8.length);
        nulls[size] = text == null;
        ends[size++] = from + utf8.length;
    }

    /** The row, valid until the next one begins. */
    RowImage image(RowImage out) {
        out.start(bytes);
        int from = 0;
        for (int i = 0; i < size; i++) {
            out.add(nulls[i] ? RowImage.NULL : RowImage.TEXT, from, ends[i] - from);
            from = ends[i];
        }
        return out;
    }
}
