package serai.warehouse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A TCP proxy before PostgreSQL that cuts a connection at a COMMIT: before the server gets it, or after the server has
 * answered and before the client gets the answer.
 */
final class CommitProxy implements AutoCloseable {

    enum Cut {
        NEVER,
        BEFORE,
        AFTER
    }

    private static final String COMMIT = "COMMIT";

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NEVER);

    /** @param target the port of the server on this machine */
    CommitProxy(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What happens at the next COMMIT; later ones pass. */
    void cut(Cut cut) {
        next.set(cut);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "commit-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                start(() -> forward(client, server, true));
                start(() -> forward(server, client, false));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void forward(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[65536];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (requests && new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(COMMIT)) {
                    Cut cut = next.getAndSet(Cut.NEVER);
                    if (cut == Cut.BEFORE) {
                        return;
                    }
                    if (cut == Cut.AFTER) {
                        // the client waits for an answer that does not come
                        from.shutdownOutput();
                    }
                }
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // one side closed its connection, and the other is closed with it
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
