package serai.load;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of a report: gives the header's line apart from the records, and counts the records. At the end it sees
 * whether a field is open, which the connection does not tell: a source may close it after a file that was cut off as
 * after a whole one.
 */
final class ReportStream extends FilterInputStream {

    private static final int MAX_HEADER = 1 << 20;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final ReportCheck check;
    private RecordCount count = new RecordCount(',');
    private int last = '\n';

    ReportStream(Report report) {
        super(new PushbackInputStream(report.bytes(), BYTE_ORDER_MARK.length));
        this.check = report.check();
    }

    /**
     * Takes the first line, without its end, and a byte order mark off the stream.
     *
     * @throws ReportHeldException when it is not the header of a CSV file
     */
    String header() throws IOException, ReportHeldException {
        skipByteOrderMark();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean quoted = false;
        int b;
        while ((b = in.read()) >= 0 && (b != '\n' || quoted) && line.size() < MAX_HEADER) {
            quoted ^= b == '"';
            line.write(b);
        }
        requireUtf8(line.toByteArray());
        if (line.size() == 0) {
            throw new ReportHeldException("The reply is empty, without even a header.");
        }
        String header = line.toString(StandardCharsets.UTF_8);
        check.firstLine(header);
        if (b < 0) {
            throw new ReportHeldException("The reply ends within its header: it was cut off.");
        }
        if (line.size() == MAX_HEADER) {
            throw new ReportHeldException("The reply has no line end in its first MB: it is not the CSV of a report.");
        }
        return header.endsWith("\r") ? header.substring(0, header.length() - 1) : header;
    }

    private static void requireUtf8(byte[] line) throws ReportHeldException {
        for (byte b : line) {
            if (b == 0) {
                throw new ReportHeldException("The report is in UTF-16 or another encoding with NUL bytes, and not in"
                        + " UTF-8: let its source, or the proxy before it, send UTF-8.");
            }
        }
    }

    /** Sets what separates the fields of the records, which begin now. */
    void beginRecords(char separator) {
        count = new RecordCount(separator);
    }

    private void skipByteOrderMark() throws IOException {
        byte[] start = in.readNBytes(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(start, BYTE_ORDER_MARK)) {
            ((PushbackInputStream) in).unread(start);
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
            count.add(buffer, offset, offset + n);
            last = buffer[offset + n - 1];
        }
        return n;
    }

    /**
     * Checks that the report is complete, after its last record was read.
     *
     * @param records the records that were read from this stream
     * @throws ReportHeldException when it was cut off, or has more or fewer records
     */
    void requireComplete(long records) throws ReportHeldException {
        if (count.isOpen()) {
            throw new ReportHeldException("The report ends within a quoted field: it was cut off.");
        }
        if (count.records() != records) {
            throw new ReportHeldException("The report has " + count.records() + " records, but " + records
                    + " were read: rows would be lost. Check its quotes and line ends.");
        }
        check.end(records, last == '\n');
    }
}
