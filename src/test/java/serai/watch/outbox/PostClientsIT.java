package serai.watch.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.watch.alerter.HttpOptions;

/** Trust and proxies of each rule's own, against a TLS server with a certificate that nobody knows. */
class PostClientsIT {

    @TempDir
    Path folder;

    private final List<String> tunnels = new CopyOnWriteArrayList<>();
    private DefaultCamelContext context;
    private HttpsServer server;
    private ServerSocket proxy;
    private PostClients clients;

    @BeforeEach
    void start() throws Exception {
        Path store = folder.resolve("store.p12");
        run(
                "keytool",
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "password",
                "-validity",
                "2");
        run(
                "keytool",
                "-exportcert",
                "-rfc",
                "-alias",
                "a",
                "-keystore",
                store.toString(),
                "-storepass",
                "password",
                "-file",
                folder.resolve("ca.pem").toString());
        KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "password".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        context = new DefaultCamelContext();
        clients = new PostClients(context);
        context.start();
    }

    @AfterEach
    void stop() throws Exception {
        context.stop();
        server.stop(0);
        if (proxy != null) {
            proxy.close();
        }
    }

    private static void run(String tool, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isZero();
    }

    private String post(HttpOptions connection) throws Exception {
        String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        String endpoint = clients.endpoint(connection, url);
        try (ProducerTemplate template = context.createProducerTemplate()) {
            Exchange answered = template.send(endpoint, exchange -> {
                exchange.getMessage().setHeader(Exchange.HTTP_METHOD, "POST");
                exchange.getMessage().setHeader(Exchange.HTTP_URI, url);
                exchange.getMessage().setBody("{}".getBytes(StandardCharsets.UTF_8));
            });
            return answered.getException() != null
                    ? answered.getException().getClass().getSimpleName()
                    : answered.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, String.class);
        }
    }

    private static HttpOptions connection(boolean verify, String caFile, String proxy, String user) {
        return new HttpOptions(verify, caFile, proxy, user, user == null ? null : "s3cret", 5);
    }

    @Test
    void trustsWhomTheRuleTrusts() throws Exception {
        assertThat(post(HttpOptions.PLAIN)).isEqualTo("SSLHandshakeException");
        assertThat(post(connection(true, folder.resolve("ca.pem").toString(), null, null)))
                .isEqualTo("200");
        assertThat(post(connection(false, null, null, null))).isEqualTo("200");
        assertThat(post(HttpOptions.PLAIN)).isEqualTo("SSLHandshakeException");
    }

    @Test
    void saysWhichFileOfAuthoritiesIsNotThere() throws Exception {
        Files.writeString(folder.resolve("empty.pem"), "");
        for (String file : List.of("empty.pem", "nowhere.pem")) {
            try {
                post(connection(true, folder.resolve(file).toString(), null, null));
                assertThat(file).isNull();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining(file);
            }
        }
    }

    @Test
    void goesThroughTheProxyWithItsLogin() throws Exception {
        proxy = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        thread(() -> tunnel(proxy));
        String address = "127.0.0.1:" + proxy.getLocalPort();
        assertThat(post(connection(false, null, address, "bot"))).isEqualTo("200");
        assertThat(post(connection(false, null, "http://bot:s3cret@" + address, null)))
                .isEqualTo("200");
        assertThat(tunnels)
                .hasSize(2)
                .allMatch(host -> host.equals("127.0.0.1:" + server.getAddress().getPort()));
        assertThat(post(connection(false, null, address, null))).isNotEqualTo("200");
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
    }

    /** A proxy that opens tunnels to those who log in. */
    private void tunnel(ServerSocket listener) {
        try {
            while (true) {
                Socket client = listener.accept();
                thread(() -> serve(client));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private void serve(Socket client) {
        try (client) {
            while (true) {
                String head = head(client.getInputStream());
                if (head.contains("Proxy-Authorization: Basic Ym90OnMzY3JldA==")) {
                    String target = head.split(" ")[1];
                    tunnels.add(target);
                    client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    try (Socket far = new Socket("127.0.0.1", Integer.parseInt(target.split(":")[1]))) {
                        thread(() -> copy(client, far));
                        copy(far, client);
                    }
                    return;
                }
                client.getOutputStream()
                        .write(("HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                                        + "Content-Length: 0\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException | RuntimeException e) {
            // the client went away
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("closed");
            }
            head.append((char) c);
        }
        return head.toString();
    }

    private static void copy(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
        } catch (IOException e) {
            // one side went away
        }
    }
}
