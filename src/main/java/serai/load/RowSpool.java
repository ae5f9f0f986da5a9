package serai.load;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.BitSet;
import serai.spool.TemporaryFile;
import serai.spool.TemporaryFolder;

/**
 * The rows of a report in a temporary file, in COPY's text format. Before each row are its length in bytes (4 bytes),
 * its day as a number from the window's first (4 bytes) and its line in the report (8 bytes). Memory does not grow with
 * the rows.
 */
final class RowSpool implements AutoCloseable {

    private static final int HEAD = 16;
    private static final int BLOCK = 1 << 18;

    private final TemporaryFile file;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD);
    private final OutputStream out;
    private long end;
    private long count;

    RowSpool(TemporaryFolder folder) throws IOException {
        file = folder.create();
        out = new BufferedOutputStream(file.output(), BLOCK);
    }

    /** A spool that was written before. */
    RowSpool(TemporaryFile written) {
        file = written;
        out = OutputStream.nullOutputStream();
    }

    /** Where the rows are, once {@link #all} was called. */
    TemporaryFile file() {
        return file;
    }

    /**
     * Rows that follow each other in the file.
     *
     * @param from the byte at which the first begins
     * @param to the byte behind the last
     * @param rows their number, with those of days that are not wanted
     */
    record Part(long from, long to, long rows) {}

    /** Appends a row. */
    void append(CopyBuffer row, int day, long line) throws IOException {
        head.clear();
        head.putInt(row.length()).putInt(day).putLong(line);
        out.write(head.array(), 0, HEAD);
        out.write(row.bytes(), 0, row.length());
        end += HEAD + row.length();
        count++;
    }

    /** Ends the writing. */
    Part all() throws IOException {
        out.flush();
        return new Part(0, end, count);
    }

    /**
     * Sends the rows of some days.
     *
     * @param numbered whether to send each row's line as a last column
     * @return their number
     */
    long copy(Part part, BitSet days, boolean numbered, CopyStream copy) throws IOException, SQLException {
        long sent = 0;
        try (Reader rows = new Reader(part)) {
            while (rows.next()) {
                if (days.get(rows.day)) {
                    copy.write(rows.block, rows.start, rows.length);
                    if (numbered) {
                        byte[] line = ("\t" + rows.line).getBytes(StandardCharsets.US_ASCII);
                        copy.write(line, 0, line.length);
                    }
                    copy.endRow();
                    sent++;
                }
            }
        }
        return sent;
    }

    /** The first half and the second half of a part with at least two rows. */
    Part[] halves(Part part) throws IOException {
        long half = part.rows() / 2;
        try (Reader rows = new Reader(part)) {
            for (long i = 0; i < half; i++) {
                rows.next();
            }
            long middle = part.from() + rows.read;
            return new Part[] {new Part(part.from(), middle, half), new Part(middle, part.to(), part.rows() - half)};
        }
    }

    /** A row by itself. */
    record SpooledRow(int day, long line, String copyText) {}

    /** The row of a part that has one. */
    SpooledRow only(Part part) throws IOException {
        try (Reader rows = new Reader(part)) {
            rows.next();
            return new SpooledRow(
                    rows.day, rows.line, new String(rows.block, rows.start, rows.length, StandardCharsets.UTF_8));
        }
    }

    /** Reads rows in large blocks. */
    private final class Reader implements AutoCloseable {

        private final FileChannel channel;
        private final Part part;
        private byte[] block = new byte[BLOCK];
        private int at;
        private int filled;
        /** Bytes of the part that were read. */
        private long read;

        private int start;
        private int length;
        private int day;
        private long line;

        Reader(Part part) throws IOException {
            this.part = part;
            this.channel = file.open().position(part.from());
        }

        boolean next() throws IOException {
            if (part.from() + read == part.to()) {
                return false;
            }
            require(HEAD);
            ByteBuffer numbers = ByteBuffer.wrap(block, at, HEAD);
            length = numbers.getInt();
            day = numbers.getInt();
            line = numbers.getLong();
            require(HEAD + length);
            start = at + HEAD;
            at += HEAD + length;
            read += HEAD + length;
            return true;
        }

        /** Makes the next bytes be in the block. */
        private void require(int bytes) throws IOException {
            if (filled - at >= bytes) {
                return;
            }
            byte[] target = bytes > block.length ? new byte[bytes] : block;
            System.arraycopy(block, at, target, 0, filled - at);
            filled -= at;
            at = 0;
            block = target;
            while (filled < bytes) {
                int n = channel.read(ByteBuffer.wrap(block, filled, block.length - filled));
                if (n < 0) {
                    throw new EOFException("A temporary file is shorter than what was written to it.");
                }
                filled += n;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            out.close();
        }
    }
}
