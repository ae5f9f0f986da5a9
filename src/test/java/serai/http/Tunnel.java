package serai.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Forwards connections to ports of this machine: as the end of TLS, or as an HTTP proxy that requires a login. */
public final class Tunnel implements AutoCloseable {

    private final ServerSocket listener;
    private final int port;
    private final String proxyLogin;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();

    private Tunnel(ServerSocket listener, int port, String proxyLogin) {
        this.listener = listener;
        this.port = port;
        this.proxyLogin = proxyLogin;
        thread(this::accept);
    }

    /**
     * Takes TLS and forwards the content.
     *
     * @param port where it is forwarded to
     * @param clientCertificate whether a client must show a certificate
     */
    public static Tunnel tls(SSLContext context, int port, boolean clientCertificate) throws IOException {
        SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(clientCertificate);
        return new Tunnel(listener, port, null);
    }

    /**
     * An HTTP proxy, for CONNECT and for plain requests.
     *
     * @param login {@code user:password} that a client has to send with each CONNECT or request
     */
    public static Tunnel proxy(String login) throws IOException {
        return new Tunnel(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), 0, login);
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The heads of the requests that the proxy accepted. */
    public List<String> heads() {
        return heads;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            sockets.add(client);
            thread(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            InputStream in = client.getInputStream();
            if (proxyLogin == null) {
                join(client, in, new Socket(InetAddress.getLoopbackAddress(), port), "");
                return;
            }
            String head = head(in);
            while (!head.contains("Proxy-Authorization: Basic "
                    + Base64.getEncoder().encodeToString(proxyLogin.getBytes(StandardCharsets.UTF_8)))) {
                write(
                        client.getOutputStream(),
                        "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n");
                head = head(in);
            }
            heads.add(head);
            String target = head.split(" ")[1].replaceFirst("^http://", "").split("/", 2)[0];
            Socket server = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(target.split(":")[1]));
            boolean connect = head.startsWith("CONNECT ");
            if (connect) {
                write(client.getOutputStream(), "HTTP/1.1 200 OK\r\n\r\n");
            }
            // one request a connection, since the next may be for another host
            join(
                    client,
                    in,
                    server,
                    connect
                            ? ""
                            : head.replaceFirst("http://[^/ ]+", "")
                                    .replaceFirst("(?i)\\r\\n(Proxy-)?Connection: keep-alive", "")
                                    .replaceFirst("\r\n", "\r\nConnection: close\r\n"));
        }
    }

    private void join(Socket client, InputStream in, Socket server, String first) throws IOException {
        sockets.add(server);
        try (server) {
            write(server.getOutputStream(), first);
            thread(() -> {
                server.getInputStream().transferTo(client.getOutputStream());
                client.close();
            });
            in.transferTo(server.getOutputStream());
        }
    }

    /**
     * A request's head; a body that comes before the login is not read here: clients ask without one first, or give the
     * login at once.
     */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the head was cut off");
            }
            head.append((char) b);
        }
        int length = head.indexOf("Content-Length: ");
        if (length > 0 && !head.toString().contains("Proxy-Authorization")) {
            in.readNBytes(Integer.parseInt(
                    head.substring(length + 16, head.indexOf("\r\n", length)).strip()));
        }
        return head.toString();
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void thread(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // the other side is gone, or the test is over
                    }
                },
                "tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
