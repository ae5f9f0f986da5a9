package serai.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A small HTTP/1.1 server on 127.0.0.1, one thread a connection. It exists because the doubles must do what servers of
 * libraries take care never to do: delimit a body by closing the connection, end it in the middle, or reset the
 * connection.
 */
final class Loopback implements AutoCloseable {

    /** What answers requests. It is called from many threads. */
    @FunctionalInterface
    interface Handler {
        void answer(Request request, Answer answer) throws IOException;
    }

    private final String name;
    private final Handler handler;
    /** How long answers under way may take to note that they were cut off. */
    private static final long LONGEST_END_MILLIS = 1_000;

    /** The open ones, each with the thread that serves it. */
    private final Map<Socket, Thread> connections = new ConcurrentHashMap<>();

    private ServerSocket listener;
    private Thread acceptor;
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
        acceptor = start(new Thread(() -> accept(socket), name + "-accept"));
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
        // the port is open for as long as a thread waits on it, even after its socket was closed
        join(acceptor, 0);
        Map<Socket, Thread> open = Map.copyOf(connections);
        open.keySet().forEach(Loopback::reset);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_END_MILLIS);
        for (Thread thread : open.values()) {
            if (thread != Thread.currentThread()) {
                join(thread, Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
            }
        }
    }

    /** @param most milliseconds, or 0 for as long as it takes */
    private static void join(Thread thread, long most) {
        try {
            thread.join(most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
                Thread thread = new Thread(() -> serve(connection), name + "-" + connection.getPort());
                connections.put(connection, thread);
                start(thread);
            }
        } catch (IOException e) {
            // the port was closed by stop()
        }
    }

    private static Thread start(Thread thread) {
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            boolean more = true;
            while (more) {
                Request request = RequestReader.read(in, connection.getOutputStream());
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
}
