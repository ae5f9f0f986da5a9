package serai.load;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A record of a CSV file. All its fields are in one array of characters, and one object holds each record of a file in
 * turn, so that reading makes no objects.
 */
public final class CsvRecord {

    private char[] chars = new char[4096];
    private int[] ends = new int[64];
    private boolean[] quotes = new boolean[64];
    private int fields;
    private int length;
    private long line;

    /** Begins another record, in place of the one that was here. */
    void begin(long startingLine) {
        fields = 0;
        length = 0;
        line = startingLine;
    }

    /** Adds characters to the present field. */
    void append(char[] source, int from, int count) {
        if (length + count > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(chars.length * 2, length + count));
        }
        System.arraycopy(source, from, chars, length, count);
        length += count;
    }

    void endField(boolean quoted) {
        if (fields == ends.length) {
            ends = Arrays.copyOf(ends, fields * 2);
            quotes = Arrays.copyOf(quotes, fields * 2);
        }
        ends[fields] = length;
        quotes[fields] = quoted;
        fields++;
    }

    /** The line on which the record starts, from 1. */
    long line() {
        return line;
    }

    /** The number of fields. */
    public int fields() {
        return fields;
    }

    /** The characters of all fields so far. */
    int length() {
        return length;
    }

    /** The array that holds all fields; valid until the next record. */
    char[] chars() {
        return chars;
    }

    int start(int field) {
        return field == 0 ? 0 : ends[field - 1];
    }

    int end(int field) {
        return ends[field];
    }

    /** Whether a field is quoted in the file. */
    public boolean isQuoted(int field) {
        return quotes[field];
    }

    /** Whether it is a line without a character. */
    boolean isBlank() {
        return fields == 1 && length == 0 && !quotes[0];
    }

    /** Whether a field starts with a text; makes no object. */
    public boolean startsWith(int field, String text) {
        int start = start(field);
        if (end(field) - start < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (chars[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** All fields as texts. */
    public List<String> texts() {
        return IntStream.range(0, fields).mapToObj(this::text).toList();
    }

    /** The record as a line of CSV: a field is quoted if it is quoted in the file. */
    String csv(char separator) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < fields; i++) {
            String text = text(i);
            line.append(i == 0 ? "" : separator).append(quotes[i] ? '"' + text.replace("\"", "\"\"") + '"' : text);
        }
        return line.toString();
    }

    /** A field as text. */
    String text(int field) {
        return new String(chars, start(field), end(field) - start(field));
    }
}
