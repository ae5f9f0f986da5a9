package serai.load;

/**
 * Counts the records of a CSV file by its bytes alone: a second count beside that of the parser. A record ends at LF,
 * CR LF or CR outside of a quoted field, and with the file. Blank lines at the end of the file are not counted. A field
 * is quoted when it begins with a quote, and ends at the next one that is not doubled.
 */
final class RecordCount {

    private enum State {
        /** At the beginning of a record. */
        RECORD,
        /** The same, after a CR: a LF belongs to it. */
        AFTER_CR,
        /** At the beginning of another field. */
        FIELD,
        PLAIN,
        QUOTED,
        /** After a quote inside of a quoted field: its end, or the first of two. */
        QUOTE
    }

    private final char separator;
    private State state = State.RECORD;
    private long ended;
    /** Blank lines of which it is not known whether records follow. */
    private long blankLines;

    /** @param separator an ASCII character */
    RecordCount(char separator) {
        this.separator = separator;
    }

    /** Takes the next bytes. */
    void add(byte[] bytes, int from, int to) {
        State now = state;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (now == State.QUOTED) {
                now = b == '"' ? State.QUOTE : State.QUOTED;
            } else if (b == '\n' || b == '\r') {
                endLine(b, now);
                now = b == '\r' ? State.AFTER_CR : State.RECORD;
            } else {
                ended += blankLines;
                blankLines = 0;
                if (b == separator) {
                    now = State.FIELD;
                } else if (b == '"' && now != State.PLAIN) {
                    now = State.QUOTED;
                } else {
                    now = State.PLAIN;
                }
            }
        }
        state = now;
    }

    private void endLine(byte b, State now) {
        if (now != State.RECORD && now != State.AFTER_CR) {
            ended++;
        } else if (b == '\r' || now == State.RECORD) {
            blankLines++;
        }
    }

    /** Whether the file ends within a quoted field. */
    boolean isOpen() {
        return state == State.QUOTED;
    }

    /** The records up to here, with one that has begun. */
    long records() {
        return state == State.RECORD || state == State.AFTER_CR ? ended : ended + 1;
    }
}
