package serai.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultProxyRoutePlanner;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * How HTTP servers are reached. As a {@link HttpClientConfigurer} it makes a client of camel-http work by these
 * options; {@link #newClient()} makes one without Camel. Such a client follows no redirect, keeps no cookies and
 * repeats no request. Options that are equal may share a client.
 *
 * @param tls trusted authorities and our own certificate
 * @param proxy address of an HTTP proxy, as {@link HostAlias} reads it, with user and password as its user info where
 *     it requires a login; null for none
 * @param connectTimeout how long connecting may take
 * @param responseTimeout how long the server may send nothing
 * @param replies bounds of a whole reply
 */
public record HttpOptions(
        TlsOptions tls, URI proxy, Duration connectTimeout, Duration responseTimeout, BoundedReplies replies)
        implements HttpClientConfigurer {

    /** For a server about which nothing is configured: ten seconds, no proxy, short replies. */
    public static final HttpOptions DEFAULT = of(TlsOptions.DEFAULT, null, Duration.ofSeconds(10));

    private static final long MAX_REPLY_BYTES = 4_000_000;
    /** More than any user of one client has requests under way. */
    private static final int MAX_CONNECTIONS = 200;

    private static final TimeValue MAX_IDLE_UNCHECKED = TimeValue.ofSeconds(1);
    private static final TimeValue MAX_CONNECTION_AGE = TimeValue.ofMinutes(10);

    /**
     * For servers whose replies are short: 4 MB at most, and complete within twice the time-out.
     *
     * @param proxy see {@link #proxy()}
     * @param timeout to connect, and as long again to wait for the reply
     */
    public static HttpOptions of(TlsOptions tls, URI proxy, Duration timeout) {
        return new HttpOptions(
                tls, proxy, timeout, timeout, BoundedReplies.of(MAX_REPLY_BYTES, timeout.multipliedBy(2)));
    }

    /** The same options, connecting directly. */
    public HttpOptions withoutProxy() {
        return new HttpOptions(tls, null, connectTimeout, responseTimeout, replies);
    }

    /** A client by these options, to be closed by the caller. */
    public CloseableHttpClient newClient() {
        HttpClientBuilder builder = HttpClientBuilder.create();
        configureHttpClient(builder);
        return builder.build();
    }

    /** @throws IllegalStateException when a certificate or key cannot be used; {@link TlsOptions#check()} finds out */
    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.setConnectionManager(connections()).setConnectionManagerShared(false);
        builder.setDefaultRequestConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(responseTimeout))
                .setConnectionRequestTimeout(Timeout.of(responseTimeout))
                .build());
        builder.disableCookieManagement().disableAuthCaching().disableRedirectHandling();
        HttpRoutePlanner planner = new DefaultRoutePlanner(null);
        if (proxy != null) {
            HttpHost host = new HttpHost(proxy.getScheme(), HostAlias.real(proxy.getHost()), proxy.getPort());
            planner = new DefaultProxyRoutePlanner(host);
            if (proxy.getUserInfo() != null) {
                builder.setDefaultCredentialsProvider(credentials(host, proxy.getUserInfo()));
            }
        }
        builder.setRoutePlanner(new RealHostPlanner(planner));
        replies.configureHttpClient(builder);
    }

    private static BasicCredentialsProvider credentials(HttpHost host, String userInfo) {
        String[] login = userInfo.split(":", 2);
        BasicCredentialsProvider credentials = new BasicCredentialsProvider();
        credentials.setCredentials(
                new AuthScope(host),
                new UsernamePasswordCredentials(login[0], login.length > 1 ? login[1].toCharArray() : new char[0]));
        return credentials;
    }

    private HttpClientConnectionManager connections() {
        ClientTlsStrategyBuilder strategy = ClientTlsStrategyBuilder.create();
        try {
            strategy.setSslContext(tls.context());
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        if (!tls.verify()) {
            // otherwise Java's TLS checks the host name as well
            strategy.setHostVerificationPolicy(HostnameVerificationPolicy.CLIENT)
                    .setHostnameVerifier(NoopHostnameVerifier.INSTANCE);
        }
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setTlsSocketStrategy(strategy.buildClassic())
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_CONNECTIONS)
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(Timeout.of(responseTimeout))
                        .setTcpNoDelay(true)
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connectTimeout))
                        .setSocketTimeout(Timeout.of(responseTimeout))
                        .setValidateAfterInactivity(MAX_IDLE_UNCHECKED)
                        .setTimeToLive(MAX_CONNECTION_AGE)
                        .build())
                .build();
    }

    /** Without the proxy, whose address may contain a password. */
    @Override
    public String toString() {
        return "HttpOptions[tls=" + tls + ", responseTimeout=" + responseTimeout + ", replies=" + replies + "]";
    }
}
