package serai.demo.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Stands between Serai and a server: counts the bytes of both directions and lets answers wait. */
final class Relay implements AutoCloseable {

    private static final Chunk END = new Chunk(new byte[0], 0);
    /** Who sends more than is read has to wait. */
    private static final int MOST_WAITING = 1 << 8;

    private final ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final URI target;
    private final long waitNanos;
    final LongAdder sent = new LongAdder();
    final LongAdder received = new LongAdder();

    private record Chunk(byte[] bytes, long due) {}

    /** @param wait how long each answer is held back */
    Relay(String target, Duration wait) throws IOException {
        this.target = URI.create(target);
        this.waitNanos = wait.toNanos();
        thread("relay-accept", this::accept);
    }

    String hostAddress() {
        return "127.0.0.1:" + port();
    }

    int port() {
        return listener.getLocalPort();
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private static void thread(String name, Work work) {
        Runnable task = () -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(target.getHost(), target.getPort());
                for (Socket socket : new Socket[] {client, server}) {
                    socket.setTcpNoDelay(true);
                    sockets.add(socket);
                }
                BlockingQueue<Chunk> answers = new LinkedBlockingQueue<>(MOST_WAITING);
                thread("relay-there", () -> pass(client, server));
                thread("relay-back", () -> read(server, answers));
                thread("relay-late", () -> write(client, server, answers));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pass(Socket client, Socket server) {
        byte[] buffer = new byte[1 << 16];
        try (server) {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sent.add(n);
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // one side closed its connection; the other is closed too
        }
    }

    private void read(Socket server, BlockingQueue<Chunk> answers) throws InterruptedException {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = server.getInputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                received.add(n);
                answers.put(new Chunk(Arrays.copyOf(buffer, n), System.nanoTime() + waitNanos));
            }
        } catch (IOException e) {
            // as above
        }
        answers.put(END);
    }

    private void write(Socket client, Socket server, BlockingQueue<Chunk> answers) throws InterruptedException {
        try (client;
                server) {
            OutputStream out = client.getOutputStream();
            for (Chunk chunk = answers.take(); chunk != END; chunk = answers.take()) {
                TimeUnit.NANOSECONDS.sleep(chunk.due() - System.nanoTime());
                out.write(chunk.bytes());
            }
        } catch (IOException e) {
            // as above
        } finally {
            sockets.remove(client);
            sockets.remove(server);
            // who reads may wait for room
            answers.clear();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
