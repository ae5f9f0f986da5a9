package serai.load;

import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/** Sends rows of COPY's text format in blocks. A COPY that was not ended is cancelled by {@link #close()}. */
public final class CopyStream implements AutoCloseable {

    private static final int BLOCK = 1 << 16;

    private final CopyIn copy;
    private final byte[] block = new byte[BLOCK];
    private int end;

    /** @param copy that is open */
    public CopyStream(CopyIn copy) {
        this.copy = copy;
    }

    /** Sends a row, without its line end. */
    public void row(byte[] bytes, int from, int length) throws SQLException {
        write(bytes, from, length);
        endRow();
    }

    /** Sends a part of a row. */
    public void write(byte[] bytes, int from, int length) throws SQLException {
        if (length > block.length - end) {
            flush();
        }
        if (length > block.length) {
            copy.writeToCopy(bytes, from, length);
        } else {
            System.arraycopy(bytes, from, block, end, length);
            end += length;
        }
    }

    /** Ends a row. */
    public void endRow() throws SQLException {
        if (end == block.length) {
            flush();
        }
        block[end++] = '\n';
    }

    private void flush() throws SQLException {
        if (end > 0) {
            copy.writeToCopy(block, 0, end);
            end = 0;
        }
    }

    /**
     * Ends the COPY.
     *
     * @throws SQLException when the server refuses a row
     */
    public void end() throws SQLException {
        flush();
        copy.endCopy();
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }
}
