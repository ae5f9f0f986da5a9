package serai.demo;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The answer to one request: a whole one, or a stream that ends well, is cut, or is reset. */
final class Answer {

    /** How the receiver learns where the body ends. */
    enum Framing {
        CHUNKED,
        UNTIL_CLOSE
    }

    private static final int BUFFER = 64 * 1024;

    private final Socket connection;
    private final Request request;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private boolean keep;
    private boolean answered;

    Answer(Socket connection, Request request) {
        this.connection = connection;
        this.request = request;
    }

    Answer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Sends a whole answer; the connection stays open if the client wants it so. */
    void send(int status, String contentType, String body) throws IOException {
        send(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    void send(int status, String contentType, byte[] body) throws IOException {
        boolean clientCloses =
                request.header("Connection").filter("close"::equalsIgnoreCase).isPresent();
        keep = !clientCloses && !"close".equalsIgnoreCase(headers.get("Connection"));
        header("Content-Type", contentType);
        header("Content-Length", String.valueOf(body.length));
        OutputStream out = head(status);
        if (!"HEAD".equals(request.method())) {
            out.write(body);
        }
        out.flush();
    }

    /** Begins an answer of unknown length; the connection is closed at its end. */
    OutputStream stream(int status, String contentType, Framing framing) throws IOException {
        header("Content-Type", contentType);
        header("Connection", "close");
        if (framing == Framing.CHUNKED) {
            header("Transfer-Encoding", "chunked");
        }
        OutputStream out = head(status);
        out.flush();
        return framing == Framing.CHUNKED
                ? new BufferedOutputStream(new Chunks(out), BUFFER)
                : new BufferedOutputStream(out, BUFFER);
    }

    /** The client's port: one for each connection. */
    int port() {
        return connection.getPort();
    }

    /** Resets the connection: the client sees an error, not an end. What it has not read yet may be lost. */
    void reset() throws IOException {
        connection.setSoLinger(true, 0);
        connection.close();
    }

    /** Closes the connection as if everything had been said; a chunked body lacks its last chunk then. */
    void cut() throws IOException {
        connection.shutdownOutput();
    }

    /** Says nothing until the client gives up. */
    void hang() throws IOException {
        connection.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** @return whether the connection takes another request */
    boolean end() throws IOException {
        if (!answered && !connection.isClosed()) {
            throw new IOException("The request was not answered: " + request.method() + " " + request.path());
        }
        return keep && !connection.isClosed();
    }

    private OutputStream head(int status) throws IOException {
        answered = true;
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        OutputStream out = new BufferedOutputStream(connection.getOutputStream(), 1024);
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        return out;
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 204 -> "No Content";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            default -> "Status " + status;
        };
    }

    /** Each write becomes a chunk; closing writes the last one. */
    private static final class Chunks extends FilterOutputStream {
        private boolean ended;

        Chunks(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length).toLowerCase(Locale.ROOT) + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, from, length);
                out.write('\r');
                out.write('\n');
                out.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                ended = true;
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        }
    }
}
