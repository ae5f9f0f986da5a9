package serai.watch.outbox;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import serai.http.PemFiles;
import serai.http.SynchronizedRegistry;
import serai.http.TrustAllCertificates;
import serai.watch.alerter.Destination;
import serai.watch.alerter.HttpOptions;

/**
 * An HTTP endpoint for each way in which servers are reached: its own trust, proxy and time-out. Rules of one way share
 * it.
 */
final class PostClients {

    private record Way(HttpOptions connection, boolean secure) {}

    private final CamelContext context;
    private final Map<Way, String> endpoints = new ConcurrentHashMap<>();

    PostClients(CamelContext context) {
        this.context = context;
        SynchronizedRegistry.use(context);
        context.getRegistry().bind("watch-any-host", NoopHostnameVerifier.INSTANCE);
    }

    /**
     * The endpoint for an address; the address itself goes with each exchange, so that it stands in no log.
     *
     * @throws IOException when the file of authorities cannot be read
     */
    String endpoint(HttpOptions connection, String url) throws IOException {
        Way way = new Way(connection, url.startsWith("https:"));
        String endpoint = endpoints.get(way);
        if (endpoint == null) {
            endpoint = open(way);
            endpoints.put(way, endpoint);
        }
        return endpoint;
    }

    private String open(Way way) throws IOException {
        HttpOptions connection = way.connection;
        String name = Destination.sha256(way.secure + " " + connection.verify() + " " + connection.caFile() + " "
                        + connection.proxy() + " " + connection.proxyUser() + " " + connection.proxyPassword() + " "
                        + connection.timeoutSeconds())
                .substring(0, 16);
        context.getRegistry()
                .bind(
                        "watch-client-" + name,
                        new PostClient(way.secure ? connection : HttpOptions.PLAIN, connection.timeoutSeconds()));
        StringBuilder uri =
                new StringBuilder("http:watch-" + name + "?throwExceptionOnFailure=false&followRedirects=false"
                        + "&disableStreamCache=true&httpClientConfigurer=#watch-client-" + name
                        + "&connectTimeout=" + connection.timeoutSeconds() * 1000L + "&responseTimeout="
                        + connection.timeoutSeconds() * 1000L
                        + "&soTimeout=" + connection.timeoutSeconds() * 1000L);
        if (way.secure && (connection.caFile() != null || !connection.verify())) {
            context.getRegistry().bind("watch-trust-" + name, trust(connection));
            uri.append("&sslContextParameters=#watch-trust-").append(name);
        }
        if (way.secure && !connection.verify()) {
            uri.append("&x509HostnameVerifier=#watch-any-host");
        }
        return uri.toString();
    }

    private static SSLContextParameters trust(HttpOptions connection) throws IOException {
        TrustManagersParameters trust = new TrustManagersParameters();
        if (connection.caFile() == null) {
            trust.setTrustManager(new TrustAllCertificates());
        } else {
            trust.setKeyStore(authorities(Path.of(connection.caFile())));
        }
        SSLContextParameters parameters = new SSLContextParameters();
        parameters.setTrustManagers(trust);
        return parameters;
    }

    private static KeyStoreParameters authorities(Path file) throws IOException {
        try {
            KeyStoreParameters authorities = new KeyStoreParameters();
            authorities.setKeyStore(PemFiles.trusted(file));
            return authorities;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " holds no certificates that can be read; it must be a PEM file", e);
        } catch (NoSuchFileException e) {
            throw new IOException(file + " is not there", e);
        }
    }
}
