package serai.load;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * Looks at a report's bytes as they pass: the first line for the header, and at the end whether the file is whole.
 * Metabase closes the connection after a cut-off file as after a whole one, so only the content tells (spec, contracts
 * 1.5).
 */
final class ReportStream extends FilterInputStream {

    private static final int LONGEST_HEADER = 1 << 16;

    private final long maxBytes;
    private long bytes;
    private long quotes;
    private int last = '\n';

    /** @param maxBytes most bytes that the report may have when unpacked: a few packed ones can become any number */
    ReportStream(InputStream in, long maxBytes) {
        super(new PushbackInputStream(in, 3));
        this.maxBytes = maxBytes;
    }

    /**
     * Takes the first line, without its end, and a byte order mark off the stream.
     *
     * @throws ReportHeldException when the reply is not CSV
     */
    byte[] header() throws IOException, ReportHeldException {
        skipByteOrderMark();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean quoted = false;
        int b;
        while ((b = in.read()) >= 0 && (b != '\n' || quoted)) {
            quoted ^= b == '"';
            line.write(b);
            if (line.size() == 1) {
                refuseWhatIsNotCsv(b);
            }
            if (line.size() > LONGEST_HEADER) {
                throw new ReportHeldException(
                        "The reply has no line end in its first 64 KB: it is not the CSV of a report.");
            }
        }
        if (line.size() == 0) {
            throw new ReportHeldException("The reply is empty, without even a header.");
        }
        if (b < 0) {
            throw new ReportHeldException("The reply ends within its header: it was cut off.");
        }
        byte[] bytes = line.toByteArray();
        return bytes[bytes.length - 1] == '\r' ? java.util.Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    private void skipByteOrderMark() throws IOException {
        byte[] start = in.readNBytes(3);
        boolean mark = start.length == 3
                && (start[0] & 0xFF) == 0xEF
                && (start[1] & 0xFF) == 0xBB
                && (start[2] & 0xFF) == 0xBF;
        if (!mark) {
            ((PushbackInputStream) in).unread(start);
        }
    }

    private void refuseWhatIsNotCsv(int first) throws IOException, ReportHeldException {
        if (first == '{' || first == '[') {
            throw new ReportHeldException("Metabase answered with an error in place of rows: "
                    + QueryError.in((char) first
                            + new String(in.readNBytes(1 << 16), java.nio.charset.StandardCharsets.UTF_8)));
        }
        if (first == '<') {
            throw new ReportHeldException(
                    "The reply is an HTML page, not a report. Check metabase.url and what stands between.");
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            int end = offset + n;
            for (int i = offset; i < end; i++) {
                if (buffer[i] == '"') {
                    quotes++;
                }
            }
            last = buffer[end - 1];
            bytes += n;
            if (bytes > maxBytes) {
                throw new IOException("The report is larger than " + maxBytes + " bytes (load.max-bytes).");
            }
        }
        return n;
    }

    /** @throws ReportHeldException when the file was cut off; call it after the last record was read */
    void requireWhole() throws ReportHeldException {
        if (quotes % 2 != 0) {
            throw new ReportHeldException("The report ends within a quoted field: it was cut off.");
        }
        if (last != '\n') {
            throw new ReportHeldException("The report's last line has no line end: it was cut off.");
        }
    }
}
