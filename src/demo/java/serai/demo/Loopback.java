package serai.demo;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small HTTP/1.1 server on 127.0.0.1, one thread a connection. It exists because the doubles must do what servers of libraries
 * take care never to do: delimit a body by closing the connection, end it in the middle, or reset the connection.
 */
final class Loopback implements AutoCloseable {

    private static final int MOST_HEAD_BYTES = 64 * 1024;
    private static final int MOST_BODY_BYTES = 16 * 1024 * 1024;

    /** What answers requests. It is called from many threads. */
    @FunctionalInterface
    interface Handler {
        void answer(Request request, Answer answer) throws IOException;
    }

    private final String name;
    private final Handler handler;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private int port;

    Loopback(String name, Handler handler) {
        this.name = name;
        this.handler = handler;
    }

    /** Listens: the first time on a free port, afterwards on the same one. */
    synchronized void start() throws IOException {
        if (listener != null) {
            return;
        }
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 128);
        port = socket.getLocalPort();
        listener = socket;
        thread(name + "-accept", () -> accept(socket));
    }

    int port() {
        return port;
    }

    /** Closes the port and every connection: from now on connections are refused. */
    synchronized void stop() throws IOException {
        if (listener == null) {
            return;
        }
        listener.close();
        listener = null;
        for (Socket connection : connections) {
            reset(connection);
        }
    }

    private static void reset(Socket connection) {
        try {
            connection.setSoLinger(true, 0);
            connection.close();
        } catch (IOException e) {
            // its own thread closed it first
        }
    }

    @Override
    public void close() throws IOException {
        stop();
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket connection = socket.accept();
                connection.setTcpNoDelay(true);
                connections.add(connection);
                if (socket.isClosed()) {
                    connection.close();
                }
                thread(name + "-" + connection.getPort(), () -> serve(connection));
            }
        } catch (IOException e) {
            // the port was closed by stop()
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            boolean more = true;
            while (more) {
                Request request = read(in, connection);
                if (request == null) {
                    return;
                }
                Answer answer = new Answer(connection, request);
                handler.answer(request, answer);
                more = answer.end();
            }
        } catch (IOException e) {
            // the client went away, or the handler aborted the connection on purpose
        } finally {
            connections.remove(connection);
        }
    }

    private static Request read(InputStream in, Socket connection) throws IOException {
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
            connection.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
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
