package serai.load;

import java.io.IOException;
import java.io.Reader;

/**
 * Reads the records of a CSV file. A record ends at LF, CR LF or CR outside of a quoted field, and with the file. Blank
 * lines at the end of the file are no records; others are records of one empty field. A field is quoted when it begins
 * with a quote, and ends at the next one that is not doubled; what stands between that and the separator belongs to the
 * field too. In other fields a quote is a character like any other.
 */
final class CsvParser {

    private static final int END = -1;
    /** Characters of a record: it is in memory several times. */
    private static final int MAX_RECORD = 20_000_000;

    private final Reader in;
    private final char separator;
    private final char[] buffer = new char[1 << 14];
    private int at;
    private int end;
    private long line = 1;
    /** Blank lines that were read and are still to be returned. */
    private long blankLines;

    CsvParser(Reader in, char separator) {
        this.in = in;
        this.separator = separator;
    }

    /**
     * Reads the next record.
     *
     * @param record holds it afterwards, in place of the one before
     * @return false at the end of the file
     */
    boolean next(CsvRecord record) throws IOException {
        if (blankLines == 0) {
            int c = skipBlankLines();
            if (c == END) {
                blankLines = 0;
                return false;
            }
            if (blankLines == 0) {
                record.begin(line);
                c = field(c, record);
                while (c == separator) {
                    c = field(read(), record);
                }
                endLine(c);
                line++;
                return true;
            }
            at--;
        }
        blankLines--;
        record.begin(line);
        record.endField(false);
        line++;
        return true;
    }

    /** Counts the blank lines that come next; returns the character behind them. */
    private int skipBlankLines() throws IOException {
        int c = read();
        while (c == '\n' || c == '\r') {
            blankLines++;
            endLine(c);
            c = read();
        }
        return c;
    }

    /** Reads the LF behind a CR. */
    private void endLine(int c) throws IOException {
        if (c == '\r' && (at < end || fill()) && buffer[at] == '\n') {
            at++;
        }
    }

    /** Reads a field from its first character on; returns the character that ended it. */
    private int field(int first, CsvRecord record) throws IOException {
        boolean quoted = first == '"';
        int c = quoted ? quoted(record) : first;
        while (!endsField(c)) {
            int to = at;
            while (to < end && !endsField(buffer[to])) {
                to++;
            }
            c = take(record, to);
        }
        record.endField(quoted);
        return c;
    }

    private boolean endsField(int c) {
        return c == separator || c == '\n' || c == '\r' || c == END;
    }

    /** Reads what is between the quotes of a field; returns the character behind them. */
    private int quoted(CsvRecord record) throws IOException {
        int last = 0;
        int c = read();
        while (c != END) {
            if (c == '"') {
                c = read();
                if (c != '"') {
                    return c;
                }
            }
            line += c == '\r' || c == '\n' && last != '\r' ? 1 : 0;
            int to = at;
            while (to < end && buffer[to] != '"' && buffer[to] != '\n' && buffer[to] != '\r') {
                to++;
            }
            last = buffer[to - 1];
            c = take(record, to);
        }
        return END;
    }

    /** Adds the last character that was read, and those up to a place in the buffer; returns the next one. */
    private int take(CsvRecord record, int to) throws IOException {
        if (record.length() > MAX_RECORD) {
            throw new IOException("The record of line " + (record.line() + 1) + " is longer than " + MAX_RECORD
                    + " characters, the most that are read. Shorten its texts in the question.");
        }
        record.append(buffer, at - 1, to - at + 1);
        at = to;
        return read();
    }

    private int read() throws IOException {
        return at < end || fill() ? buffer[at++] : END;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }
}
