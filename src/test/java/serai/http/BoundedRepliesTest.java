package serai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that writes its replies byte by byte as a test wants them. */
@Timeout(30)
class BoundedRepliesTest {

    private static final int MAX_BYTES = 100_000;
    private static final Duration MAX_TIME = Duration.ofSeconds(1);

    private interface Reply {
        void write(OutputStream out) throws IOException, InterruptedException;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private ServerSocket server;
    private volatile Reply reply;
    private CloseableHttpClient client;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
        client = new HttpOptions(
                        TlsOptions.DEFAULT,
                        null,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        new BoundedReplies(MAX_BYTES, MAX_TIME, "max-bytes", "max-time"))
                .newClient();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            while (readHead(socket.getInputStream())) {
                requests.incrementAndGet();
                reply.write(socket.getOutputStream());
                socket.getOutputStream().flush();
            }
        } catch (IOException | InterruptedException e) {
            // the client closed the connection
        }
    }

    private static boolean readHead(InputStream in) throws IOException {
        int last4 = 0;
        while (last4 != 0x0d0a0d0a) {
            int b = in.read();
            if (b < 0) {
                return false;
            }
            last4 = last4 << 8 | b;
        }
        return true;
    }

    private <T> T get(HttpClientResponseHandler<T> handler) throws IOException {
        return client.execute(
                ClassicRequestBuilder.get("http://127.0.0.1:" + server.getLocalPort())
                        .build(),
                handler);
    }

    private static byte[] whole(ClassicHttpResponse response) throws IOException {
        return response.getEntity().getContent().readAllBytes();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] packed(int bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[bytes]);
        }
        return packed.toByteArray();
    }

    private static void drip(OutputStream out) throws IOException, InterruptedException {
        while (true) {
            out.write('x');
            out.flush();
            Thread.sleep(50);
        }
    }

    @Test
    void aReplyThatDripsEndsAtItsTotalTime() {
        reply = out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
            drip(out);
        };
        long start = System.nanoTime();
        assertThatThrownBy(() -> get(BoundedRepliesTest::whole))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("The reply took longer than 1 s (max-time).");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(MAX_TIME, MAX_TIME.multipliedBy(3));
    }

    @Test
    void aHeadThatDripsEndsAtTheTotalTimeToo() {
        reply = out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\nX: "));
            drip(out);
        };
        assertThatThrownBy(() -> get(BoundedRepliesTest::whole))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("longer than 1 s");
    }

    @Test
    void aServerThatStopsInTheMiddleIsLeftAtTheTotalTimeAndNotAtTheResponseTimeout() {
        reply = out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"));
            out.flush();
            Thread.sleep(10_000);
        };
        assertThatThrownBy(() -> get(BoundedRepliesTest::whole))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessageContaining("longer than 1 s");
    }

    @Test
    void aReplyThatIsTooLargeEndsAtItsBoundAlsoWhenItIsPacked() {
        reply = out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
            while (true) {
                out.write(new byte[1_000]);
            }
        };
        assertThatThrownBy(() -> get(BoundedRepliesTest::whole))
                .isInstanceOf(ReplyTooLargeException.class)
                .hasMessage("The reply is larger than 100000 bytes (max-bytes).");
        reply = out -> {
            byte[] body = packed(10 * MAX_BYTES);
            assertThat(body).hasSizeLessThan(MAX_BYTES);
            out.write(
                    ascii("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length + "\r\n\r\n"));
            out.write(body);
        };
        assertThatThrownBy(() -> get(BoundedRepliesTest::whole)).isInstanceOf(ReplyTooLargeException.class);
    }

    @Test
    void connectionsAreUsedAgainAlsoAfterPackedReplies() throws IOException {
        reply = out -> {
            byte[] body = packed(MAX_BYTES);
            out.write(ascii("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(body.length) + "\r\n"));
            out.write(body);
            out.write(ascii("\r\n0\r\n\r\n"));
        };
        for (int i = 0; i < 5; i++) {
            assertThat(get(BoundedRepliesTest::whole)).hasSize(MAX_BYTES);
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void aReplyThatIsNotReadToItsEndHasItsConnectionClosed() throws IOException {
        reply = out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
            drip(out);
        };
        long start = System.nanoTime();
        int first = get(response -> {
            try (InputStream in = response.getEntity().getContent()) {
                return in.read();
            }
        });
        assertThat(first).isEqualTo('x');
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(MAX_TIME);
    }

    @Test
    void aRefusalIsNotRepeatedAndRetryAfterIsLeftToTheCaller() throws IOException {
        reply = out ->
                out.write(ascii("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"));
        String retryAfter =
                get(response -> response.getFirstHeader("Retry-After").getValue());
        assertThat(retryAfter).isEqualTo("0");
        assertThat(requests).hasValue(1);
        reply = out -> out.write(ascii("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"));
        assertThat(get(ClassicHttpResponse::getCode).intValue()).isEqualTo(302);
        assertThat(requests).hasValue(2);
    }
}
