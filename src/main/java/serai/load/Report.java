package serai.load;

import java.io.IOException;
import java.io.InputStream;

/**
 * The CSV of a report on its way from the kamelet that fetched it to the one that loads it. Read once, closed by the
 * reader.
 */
public final class Report implements AutoCloseable {

    private final InputStream bytes;

    public Report(InputStream bytes) {
        this.bytes = bytes;
    }

    InputStream bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    @Override
    public String toString() {
        return "a report's CSV";
    }
}
