package serai.elasticsearch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.ssl.SSLContextBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import serai.http.PemFiles;

/**
 * The HTTP client of one server: its login, TLS and proxy, and the time an answer may take from the request to the last
 * byte (the client's own time-outs begin anew with each packet). An answer that is not read to its end has its
 * connection closed, where the client would read the rest.
 */
public final class ServerClient implements HttpClientConfigurer {

    private static final Timeout CONNECT = Timeout.ofSeconds(5);

    private final ElasticsearchServer server;
    private final int connections;
    private final LongAdder receivedBytes;

    public ServerClient(ElasticsearchServer server, int connections, LongAdder receivedBytes) {
        this.server = server;
        this.connections = connections;
        this.receivedBytes = receivedBytes;
    }

    /** @throws IOException when a certificate or key cannot be used; the message names the file */
    public static void check(ElasticsearchServer server) throws IOException {
        tls(server);
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        Timeout timeout = Timeout.of(server.timeout());
        builder.setConnectionManager(connections(timeout)).setConnectionManagerShared(false);
        builder.setDefaultRequestConfig(RequestConfig.custom()
                .setResponseTimeout(timeout)
                .setConnectionRequestTimeout(timeout)
                .build());
        // a question is asked again by its line, which knows what failed
        builder.disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableRedirectHandling();
        if (server.authorization() != null) {
            builder.setDefaultHeaders(List.of(new BasicHeader("Authorization", server.authorization())));
        }
        if (server.proxy() != null) {
            proxy(builder, server.proxy());
        }
        builder.addExecInterceptorBefore(
                ChainElement.MAIN_TRANSPORT.name(), "watch-search-bounds", (request, scope, chain) -> {
                    long start = System.nanoTime();
                    ClassicHttpResponse response = begun(request, scope, chain);
                    if (response.getEntity() != null) {
                        response.setEntity(new Measured(response.getEntity(), scope.execRuntime, start));
                    }
                    return response;
                });
    }

    /**
     * The client's time-outs are for each packet read: a server that takes no request, or gives its headers letter by
     * letter, has none.
     */
    private ClassicHttpResponse begun(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        CompletableFuture<Void> done =
                new CompletableFuture<Void>().orTimeout(2 * server.timeout().toMillis(), TimeUnit.MILLISECONDS);
        done.whenComplete((ok, late) -> {
            if (late != null) {
                scope.execRuntime.discardEndpoint();
            }
        });
        try {
            return chain.proceed(request, scope);
        } catch (IOException e) {
            throw done.isCompletedExceptionally() ? new InterruptedIOException("the answer did not begin in time") : e;
        } finally {
            done.complete(null);
        }
    }

    private PoolingHttpClientConnectionManager connections(Timeout timeout) {
        try {
            return PoolingHttpClientConnectionManagerBuilder.create()
                    .setTlsSocketStrategy(tls(server).buildClassic())
                    .setMaxConnTotal(connections)
                    .setMaxConnPerRoute(connections)
                    .setDefaultSocketConfig(SocketConfig.custom()
                            .setSoTimeout(timeout)
                            .setTcpNoDelay(true)
                            .build())
                    .setDefaultConnectionConfig(ConnectionConfig.custom()
                            .setConnectTimeout(CONNECT)
                            .setSocketTimeout(timeout)
                            .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                            .setTimeToLive(TimeValue.ofMinutes(10))
                            .build())
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static ClientTlsStrategyBuilder tls(ElasticsearchServer server) throws IOException {
        try {
            SSLContextBuilder context = SSLContextBuilder.create();
            if (!server.verified()) {
                context.loadTrustMaterial(null, (chain, kind) -> true);
            } else if (server.authorities() != null) {
                context.loadTrustMaterial(PemFiles.trusted(server.authorities()), null);
            }
            if (server.certificate() != null) {
                KeyStore own = PemFiles.own(server.certificate(), server.key());
                context.loadKeyMaterial(own, new char[0]);
            }
            SSLContext built = context.build();
            ClientTlsStrategyBuilder tls = ClientTlsStrategyBuilder.create().setSslContext(built);
            return server.verified() ? tls : tls.setHostnameVerifier(NoopHostnameVerifier.INSTANCE);
        } catch (GeneralSecurityException e) {
            throw new IOException("a certificate or key cannot be used: " + e.getMessage(), e);
        }
    }

    private static void proxy(HttpClientBuilder builder, URI proxy) {
        HttpHost host = new HttpHost(proxy.getScheme(), proxy.getHost(), proxy.getPort());
        builder.setProxy(host);
        if (proxy.getUserInfo() != null) {
            String[] login = proxy.getUserInfo().split(":", 2);
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(host),
                    new UsernamePasswordCredentials(login[0], login.length > 1 ? login[1].toCharArray() : new char[0]));
            builder.setDefaultCredentialsProvider(credentials);
        }
    }

    private final class Measured extends HttpEntityWrapper {

        private final ExecRuntime connection;
        private final long start;
        private MeasuredStream content;

        Measured(HttpEntity entity, ExecRuntime connection, long start) {
            super(entity);
            this.connection = connection;
            this.start = start;
        }

        @Override
        public InputStream getContent() throws IOException {
            if (content == null) {
                content = new MeasuredStream(super.getContent(), connection, start);
            }
            return content;
        }

        @Override
        public boolean isStreaming() {
            return content == null || !content.done;
        }
    }

    private final class MeasuredStream extends FilterInputStream {

        private final ExecRuntime connection;
        private final long start;
        private boolean done;
        private boolean failed;

        MeasuredStream(InputStream in, ExecRuntime connection, long start) {
            super(in);
            this.connection = connection;
            this.start = start;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int n = read(one, 0, 1);
            return n < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (done) {
                return -1;
            }
            failed = true;
            int n = in.read(buffer, offset, length);
            failed = false;
            if (n < 0) {
                done = true;
                return n;
            }
            receivedBytes.add(n);
            if (System.nanoTime() - start > 2 * server.timeout().toNanos()) {
                failed = true;
                throw new InterruptedIOException(
                        "the answer did not end within " + 2 * server.timeout().toSeconds() + " s");
            }
            return n;
        }

        @Override
        public void close() throws IOException {
            // gzip ends before the last chunk's mark has been read: a connection would be lost with every answer
            if (!done && (failed || read(new byte[1024], 0, 1024) >= 0)) {
                done = true;
                connection.discardEndpoint();
            }
        }
    }
}
