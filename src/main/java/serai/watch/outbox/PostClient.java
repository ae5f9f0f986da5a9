package serai.watch.outbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import serai.watch.alerter.HttpOptions;

/**
 * A client that posts once. The client would wait for Retry-After and post again by itself, out of the outbox's sight.
 * Of an answer it reads so many bytes and for so long, where the client's own time-outs begin anew with each packet.
 */
final class PostClient implements HttpClientConfigurer {

    private static final int LONGEST_ANSWER = 4_000_000;

    private final HttpOptions connection;
    private final int timeoutSeconds;

    PostClient(HttpOptions connection, int timeoutSeconds) {
        this.connection = connection;
        this.timeoutSeconds = timeoutSeconds;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder builder) {
        builder.disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableContentCompression();
        proxy(builder);
        builder.addExecInterceptorBefore(
                ChainElement.MAIN_TRANSPORT.name(), "bounded-answers", (request, scope, chain) -> {
                    long end = System.nanoTime() + 2 * timeoutSeconds * 1_000_000_000L;
                    var response = chain.proceed(request, scope);
                    HttpEntity entity = response.getEntity();
                    if (entity != null) {
                        ByteArrayOutputStream answer = new ByteArrayOutputStream();
                        // now, and not when the exchange is over: one exchange posts many messages
                        if (read(entity.getContent(), answer, end)) {
                            scope.execRuntime.releaseEndpoint();
                        } else {
                            scope.execRuntime.discardEndpoint();
                        }
                        response.setEntity(new ByteArrayEntity(
                                answer.toByteArray(), ContentType.parseLenient(entity.getContentType())));
                    }
                    return response;
                });
    }

    private void proxy(HttpClientBuilder builder) {
        URI proxy = connection.proxyAddress();
        if (proxy == null) {
            return;
        }
        HttpHost host = new HttpHost(proxy.getScheme(), proxy.getHost(), proxy.getPort());
        builder.setProxy(host);
        String[] inside =
                proxy.getUserInfo() == null ? null : proxy.getUserInfo().split(":", 2);
        String user = connection.proxyUser() != null ? connection.proxyUser() : inside == null ? null : inside[0];
        if (user != null) {
            String password =
                    connection.proxyUser() != null ? connection.proxyPassword() : inside.length == 1 ? "" : inside[1];
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(
                    new AuthScope(host),
                    new UsernamePasswordCredentials(user, (password == null ? "" : password).toCharArray()));
            builder.setDefaultCredentialsProvider(credentials);
        }
    }

    /** @return whether the answer was read to its end */
    private static boolean read(InputStream in, ByteArrayOutputStream answer, long end) throws IOException {
        byte[] buffer = new byte[8192];
        int n = 0;
        while (n >= 0 && answer.size() < LONGEST_ANSWER && System.nanoTime() < end) {
            answer.write(buffer, 0, n);
            n = in.read(buffer);
        }
        return n < 0;
    }
}
