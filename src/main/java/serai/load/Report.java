package serai.load;

import java.io.IOException;
import java.io.InputStream;

/**
 * The CSV of a report, as the body of an exchange: from the kamelet that fetched it to the one that loads it. It is
 * read once and closed by its reader.
 *
 * @param bytes the CSV, in UTF-8
 * @param check what the source checks in its reports
 */
public record Report(InputStream bytes, ReportCheck check) implements AutoCloseable {

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    /** Not the bytes: Camel logs bodies. */
    @Override
    public String toString() {
        return "a report's CSV";
    }
}
