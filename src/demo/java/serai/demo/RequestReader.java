package serai.demo;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;

/** Reads HTTP/1.1 requests, with bodies of a given length or in chunks, within bounds. */
final class RequestReader {

    private static final int MOST_HEAD_BYTES = 64 * 1024;
    private static final int MOST_BODY_BYTES = 16 * 1024 * 1024;

    private RequestReader() {}

    /** @return the next request of a connection, or null at its end */
    static Request read(InputStream in, OutputStream out) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        String[] start = line.split(" ");
        if (start.length != 3) {
            throw new IOException("Not a request line: " + line);
        }
        TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (line = required(in); !line.isEmpty(); line = required(in)) {
            String[] header = line.split(":", 2);
            headers.put(header[0].strip(), header.length == 1 ? "" : header[1].strip());
        }
        if ("100-continue".equalsIgnoreCase(headers.get("Expect"))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        byte[] body = body(in, headers);
        return Request.of(Instant.now(), start[0].toUpperCase(Locale.ROOT), start[1], headers, body);
    }

    private static byte[] body(InputStream in, TreeMap<String, String> headers) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                body.write(exactly(in, bounded(body.size() + size) - body.size()));
                required(in);
            }
            required(in);
            return body.toByteArray();
        }
        return exactly(in, bounded(Integer.parseInt(headers.getOrDefault("Content-Length", "0"))));
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(required(in).split(";", 2)[0].strip(), 16);
    }

    private static int bounded(int size) throws IOException {
        if (size < 0 || size > MOST_BODY_BYTES) {
            throw new IOException("A request body of " + size + " bytes is refused");
        }
        return size;
    }

    private static byte[] exactly(InputStream in, int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException("The request's body was cut off");
        }
        return bytes;
    }

    private static String required(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            throw new EOFException("The request was cut off");
        }
        return line;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > MOST_HEAD_BYTES) {
                throw new EOFException("The request's head was cut off or is too long");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
