package serai.load;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;

/**
 * One record of a CSV file, read without making an object for each field: all fields lie in one array of characters.
 * There is one row object a file; it holds the record that was read last.
 */
final class CsvRecord extends AbstractBaseCsvCallbackHandler<CsvRecord> {

    private char[] chars = new char[4096];
    private int[] ends = new int[64];
    private boolean[] quotes = new boolean[64];
    private int fields;

    @Override
    protected void handleBegin(long startingLineNumber) {
        fields = 0;
    }

    @Override
    protected void handleField(int index, char[] source, int offset, int length, boolean quoted) {
        int start = fields == 0 ? 0 : ends[fields - 1];
        if (start + length > chars.length) {
            chars = java.util.Arrays.copyOf(chars, Math.max(chars.length * 2, start + length));
        }
        System.arraycopy(source, offset, chars, start, length);
        if (fields == ends.length) {
            ends = java.util.Arrays.copyOf(ends, fields * 2);
            quotes = java.util.Arrays.copyOf(quotes, fields * 2);
        }
        ends[fields] = start + length;
        quotes[fields] = quoted;
        fields++;
    }

    @Override
    protected void handleEmpty() {
        handleField(0, chars, 0, 0, false);
    }

    @Override
    protected CsvRecord buildRecord() {
        return this;
    }

    /** The line on which the record starts, from 1. */
    long line() {
        return getStartingLineNumber();
    }

    int fields() {
        return fields;
    }

    /** The array that all fields lie in; valid until the next record. */
    char[] chars() {
        return chars;
    }

    int start(int field) {
        return field == 0 ? 0 : ends[field - 1];
    }

    int end(int field) {
        return ends[field];
    }

    boolean quoted(int field) {
        return quotes[field];
    }

    String text(int field) {
        return new String(chars, start(field), end(field) - start(field));
    }

    /** All fields as text, for a reject. */
    java.util.List<String> texts() {
        return java.util.stream.IntStream.range(0, fields).mapToObj(this::text).toList();
    }

    long size() {
        return fields == 0 ? 0 : ends[fields - 1];
    }
}
