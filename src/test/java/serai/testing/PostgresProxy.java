package serai.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A TCP proxy before PostgreSQL. It cuts a connection at a COMMIT, holds one statement back, or leaves the sessions of
 * clients open that have gone, as a connection pooler may. Its clients send the text of each statement:
 * {@link #through}.
 */
public final class PostgresProxy implements AutoCloseable {

    /** How a connection is cut: before the server gets the COMMIT, or after it has committed. */
    public enum Cut {
        NEVER,
        BEFORE,
        AFTER
    }

    private static final String COMMIT = "COMMIT";
    private static final char COPY_DATA = 'd';

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final AtomicReference<Cut> cut = new AtomicReference<>(Cut.NEVER);
    private final AtomicReference<HeldStatement> held = new AtomicReference<>();
    private volatile boolean leavesSessions;
    private volatile int portOfHeld;

    /** @param database on whose server the connections end */
    public PostgresProxy(TestDatabase database) throws IOException {
        this.target = port(database.url());
        start(this::accept);
    }

    private static int port(String url) {
        return URI.create(url.substring("jdbc:".length())).getPort();
    }

    /** The JDBC address of a database through this proxy. */
    public String through(String url) {
        // a prepared statement would have a name in place of its text
        return url.replace(":" + port(url), ":" + listener.getLocalPort()) + "&prepareThreshold=0";
    }

    /** What happens at the next COMMIT; later ones pass. */
    public void cut(Cut how) {
        cut.set(how);
    }

    /** Holds back the next statement that matches, of any connection; null for none. Later ones pass. */
    public void hold(HeldStatement statement) {
        held.set(statement);
    }

    /** The {@code client_port} in {@code pg_stat_activity} of the session whose statement is held back. */
    public int portOfHeld() {
        return portOfHeld;
    }

    /** Whether sessions stay open when their client goes; nothing reads their answers. */
    public void leaveSessions(boolean leave) {
        leavesSessions = leave;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "postgres-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Connection connection = new Connection(client, new Socket(InetAddress.getLoopbackAddress(), target));
                start(connection::requests);
                start(connection::answers);
            } catch (IOException e) {
                // closed
            }
        }
    }

    private final class Connection {

        private final Socket client;
        private final Socket server;
        /** What the client has sent since its last COMMIT or ROLLBACK, but for the rows of a COPY. */
        private final StringBuilder transaction = new StringBuilder();

        private volatile HeldStatement heldAnswer;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void requests() {
            try {
                pass(client, server, this::request);
            } catch (IOException e) {
                // one side closed its connection
            }
            if (!leavesSessions) {
                close(server);
            }
        }

        void answers() {
            try {
                pass(server, client, text -> answer());
            } catch (IOException e) {
                drain();
            }
            close(server);
            close(client);
        }

        /** Whether the statement is passed on. */
        private boolean request(String text) throws IOException {
            HeldStatement statement = held.get();
            if (statement != null
                    && statement.matches(text, transaction.toString())
                    && held.compareAndSet(statement, null)) {
                portOfHeld = server.getLocalPort();
                if (statement.answer()) {
                    heldAnswer = statement;
                } else {
                    statement.gate().pass();
                }
            }
            if (text.charAt(0) != COPY_DATA) {
                transaction.append(text);
            }
            if (text.contains(COMMIT) || text.contains("ROLLBACK")) {
                transaction.setLength(0);
            }
            Cut how = text.contains(COMMIT) ? cut.getAndSet(Cut.NEVER) : Cut.NEVER;
            if (how == Cut.AFTER) {
                // the client waits for an answer that does not come
                client.shutdownOutput();
            }
            return how != Cut.BEFORE;
        }

        private boolean answer() {
            HeldStatement statement = heldAnswer;
            if (statement != null) {
                heldAnswer = null;
                statement.gate().pass();
            }
            return true;
        }

        /** Reads what the server still says, so that its session lives on. */
        private void drain() {
            try {
                if (leavesSessions) {
                    server.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            } catch (IOException e) {
                // the server ended it
            }
        }
    }

    private interface Filter {
        boolean passes(String text) throws IOException;
    }

    private static void pass(Socket from, Socket to, Filter filter) throws IOException {
        byte[] buffer = new byte[65536];
        InputStream in = from.getInputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (!filter.passes(new String(buffer, 0, n, StandardCharsets.ISO_8859_1))) {
                return;
            }
            to.getOutputStream().write(buffer, 0, n);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
