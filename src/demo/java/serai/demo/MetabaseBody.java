package serai.demo;

import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The lines of a download, the header first, each with its line end; a line may hold line breaks inside quotes. */
final class MetabaseBody implements Iterator<byte[]> {

    private final Iterator<? extends List<?>> rows;
    private final MetabaseCsv csv;
    private final Failure failure;
    private final int settled;
    private long row = -1;
    private List<?> header;

    private MetabaseBody(CardReport report, MetabaseCsv csv, Failure failure, int settled) {
        this.rows = report.rows();
        this.csv = csv;
        this.failure = failure;
        this.settled = settled;
        this.header = header(report.header());
    }

    static Iterator<byte[]> of(CardReport report, boolean formatted, ZoneId zone, Failure failure, int settled) {
        if (report.raw() != null) {
            if (List.of(
                            Failure.SEMICOLON,
                            Failure.TAB,
                            Failure.WRONG_HEADER,
                            Failure.DUPLICATE_HEADER,
                            Failure.RAGGED_SHORT,
                            Failure.RAGGED_LONG)
                    .contains(failure)) {
                throw new IllegalStateException(failure + " needs a report of rows, not of raw bytes");
            }
            return new RawLines(report.raw());
        }
        char separator = failure == Failure.SEMICOLON ? ';' : failure == Failure.TAB ? '\t' : ',';
        return new MetabaseBody(report, new MetabaseCsv(separator, formatted, zone), failure, settled);
    }

    private List<?> header(List<String> names) {
        List<String> header = new ArrayList<>(names);
        if (failure == Failure.WRONG_HEADER) {
            header.set(0, "Renamed " + header.get(0));
        } else if (failure == Failure.DUPLICATE_HEADER) {
            header.set(1, header.get(0));
        }
        return header;
    }

    @Override
    public boolean hasNext() {
        return row < 0 || rows.hasNext();
    }

    @Override
    public byte[] next() {
        List<?> cells = row < 0 ? header : ragged(rows.next());
        row++;
        return csv.line(cells);
    }

    private List<?> ragged(List<?> cells) {
        if (row != settled || failure != Failure.RAGGED_SHORT && failure != Failure.RAGGED_LONG) {
            return cells;
        }
        List<Object> other = new ArrayList<>(cells);
        if (failure == Failure.RAGGED_SHORT) {
            other.remove(other.size() - 1);
        } else {
            other.add("surplus");
        }
        return other;
    }

    /** Cuts raw bytes into lines. */
    private static final class RawLines implements Iterator<byte[]> {
        private final InputStream in;
        private byte[] buffer = new byte[1 << 16];
        private int from;
        private int to;

        RawLines(InputStream in) {
            this.in = in;
        }

        @Override
        public boolean hasNext() {
            return from < to || fill();
        }

        @Override
        public byte[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            boolean quoted = false;
            for (int i = from; ; i++) {
                if (i == to) {
                    int done = i - from;
                    if (!fill()) {
                        return take(to);
                    }
                    i = from + done;
                }
                quoted ^= buffer[i] == '"';
                if (buffer[i] == '\n' && !quoted) {
                    return take(i + 1);
                }
            }
        }

        private byte[] take(int end) {
            byte[] line = Arrays.copyOfRange(buffer, from, end);
            from = end;
            return line;
        }

        private boolean fill() {
            try {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                to -= from;
                from = 0;
                if (to == buffer.length) {
                    buffer = Arrays.copyOf(buffer, 2 * to);
                }
                int n = in.read(buffer, to, buffer.length - to);
                to += Math.max(n, 0);
                return n > 0;
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
