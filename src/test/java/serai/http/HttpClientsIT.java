package serai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS and proxies of clients with different options in one context, against a server with a certificate of its own. */
class HttpClientsIT {

    /** Where the PKCS#1 key begins in a PKCS#8 key of 2048 bits. */
    private static final int PKCS1_OFFSET = 26;

    @TempDir
    static Path folder;

    private static Certificates certificates;

    private DefaultCamelContext context;
    private HttpServer server;
    private Tunnel tls;
    private HttpClients clients;

    @BeforeAll
    static void certificates() throws Exception {
        certificates = new Certificates(folder);
    }

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        server.start();
        tls = Tunnel.tls(certificates.server("server"), server.getAddress().getPort(), false);
        context = new DefaultCamelContext();
        clients = new HttpClients(context, "test");
        context.start();
    }

    @AfterEach
    void stop() throws Exception {
        context.stop();
        tls.close();
        server.stop(0);
    }

    /** @return the status, or the simple name of the exception */
    private String post(HttpOptions options, int port) throws Exception {
        String endpoint = clients.endpoint(options);
        try (ProducerTemplate template = context.createProducerTemplate()) {
            Exchange exchange = template.send(endpoint, request -> {
                request.getMessage().setHeader(Exchange.HTTP_METHOD, "POST");
                request.getMessage().setHeader(Exchange.HTTP_URI, "https://127.0.0.1:" + port + "/hook");
                request.getMessage().setBody("{}".getBytes(StandardCharsets.UTF_8));
            });
            return exchange.getException() != null
                    ? exchange.getException().getClass().getSimpleName()
                    : exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, String.class);
        }
    }

    private String post(HttpOptions options) throws Exception {
        return post(options, tls.port());
    }

    private static HttpOptions options(boolean verify, String caFile, String proxy) {
        TlsOptions tls = new TlsOptions(verify, caFile == null ? null : certificates.file(caFile), null, null);
        return HttpOptions.of(tls, proxy == null ? null : URI.create(proxy), Duration.ofSeconds(5));
    }

    @Test
    void eachClientTrustsWhatItsOwnOptionsTrust() throws Exception {
        assertThat(post(HttpOptions.DEFAULT)).isEqualTo("SSLHandshakeException");
        assertThat(post(options(true, "ca.pem", null))).isEqualTo("200");
        assertThat(post(options(false, null, null))).isEqualTo("200");
        assertThat(post(HttpOptions.DEFAULT)).isEqualTo("SSLHandshakeException");
    }

    @Test
    void aCertificateForAnotherHostIsRefusedUnlessNothingIsVerified() throws Exception {
        try (Tunnel other =
                Tunnel.tls(certificates.server("elsewhere"), server.getAddress().getPort(), false)) {
            assertThat(post(options(true, "ca.pem", null), other.port())).isEqualTo("SSLHandshakeException");
            assertThat(post(options(false, null, null), other.port())).isEqualTo("200");
        }
    }

    @Test
    void ourOwnCertificateIsShownToAServerThatRequiresOne() throws Exception {
        try (Tunnel strict =
                Tunnel.tls(certificates.server("server"), server.getAddress().getPort(), true)) {
            TlsOptions own = new TlsOptions(
                    true,
                    certificates.file("ca.pem"),
                    certificates.file("client.pem"),
                    certificates.file("client.key"));
            assertThat(post(HttpOptions.of(own, null, Duration.ofSeconds(5)), strict.port()))
                    .isEqualTo("200");
            assertThat(post(options(true, "ca.pem", null), strict.port())).endsWith("Exception");
        }
    }

    @Test
    void aKeyMayBePkcs1AndInTheFileOfItsCertificate() throws Exception {
        String pem = Files.readString(certificates.file("client.key"));
        byte[] pkcs8 = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        String pkcs1 = Base64.getEncoder().encodeToString(Arrays.copyOfRange(pkcs8, PKCS1_OFFSET, pkcs8.length));
        Path both = Files.writeString(
                folder.resolve("both.pem"),
                "-----BEGIN RSA PRIVATE KEY-----\n" + pkcs1 + "\n-----END RSA PRIVATE KEY-----\n"
                        + Files.readString(certificates.file("client.pem")));
        try (Tunnel strict =
                Tunnel.tls(certificates.server("server"), server.getAddress().getPort(), true)) {
            TlsOptions own = new TlsOptions(true, certificates.file("ca.pem"), both, both);
            assertThat(post(HttpOptions.of(own, null, Duration.ofSeconds(5)), strict.port()))
                    .isEqualTo("200");
        }
    }

    @Test
    void aKeyInAFormatThatIsNotSupportedIsRefusedWithACommandThatConvertsIt() throws Exception {
        Path key = Files.writeString(
                folder.resolve("ec.key"), "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\n");
        assertThatThrownBy(() -> new TlsOptions(true, null, certificates.file("client.pem"), key).context())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ec.key")
                .hasMessageContaining("openssl pkcs8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"empty.pem", "missing.pem"})
    void aCaFileThatCannotBeUsedIsNamedEachTime(String file) throws Exception {
        Files.writeString(folder.resolve("empty.pem"), "");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> post(options(true, file, null)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file);
        }
    }

    @Test
    void requestsGoThroughTheProxyWithItsLogin() throws Exception {
        try (Tunnel proxy = Tunnel.proxy("bot:s3cret%")) {
            String address = "127.0.0.1:" + proxy.port();
            assertThat(post(options(false, null, "http://bot:s3cret%25@" + address)))
                    .isEqualTo("200");
            assertThat(proxy.heads()).hasSize(1).allMatch(head -> head.startsWith("CONNECT 127.0.0.1:" + tls.port()));
            assertThat(post(options(false, null, "http://" + address))).isNotEqualTo("200");
        }
    }
}
