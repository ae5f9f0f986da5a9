package serai.watch.alerter;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import serai.http.HttpOptions;
import serai.http.TlsOptions;
import serai.watch.rule.RuleException;

/** Reads from a rule how the HTTP server of an alerter is reached. */
final class AlerterHttpOptions {

    private static final int DEFAULT_TIMEOUT_SECONDS = 10;
    private static final int MAX_TIMEOUT_SECONDS = 600;

    private AlerterHttpOptions() {}

    /**
     * The options {@code <prefix>_proxy}, {@code _proxy_login}, {@code _proxy_pass}, {@code _ca_certs},
     * {@code _ignore_ssl_errors} and {@code _timeout} of a rule.
     */
    static HttpOptions of(AlerterOptions given, String prefix) throws RuleException {
        return of(given, prefix, prefix + "_proxy_login", prefix + "_proxy_pass");
    }

    /** The same where the login at the proxy has options of other names. */
    static HttpOptions of(AlerterOptions given, String prefix, String proxyUser, String proxyPassword)
            throws RuleException {
        URI proxy = proxy(given.string(prefix + "_proxy", null));
        if (proxy == null && !given.string(prefix + "_proxy", "").isEmpty()) {
            throw given.refused(prefix + "_proxy", "must be a proxy's address, such as proxy.example.org:3128");
        }
        String user = given.string(proxyUser, null);
        String password = given.string(proxyPassword, "");
        Object authorities = given.value(prefix + "_ca_certs");
        if (authorities != null && !(authorities instanceof Boolean || authorities instanceof String)) {
            throw given.refused(prefix + "_ca_certs", "must be the path of a PEM file, or true");
        }
        boolean verify = Boolean.TRUE.equals(authorities) || !given.flag(prefix + "_ignore_ssl_errors", false);
        String caFile = authorities instanceof String path && !path.isEmpty() ? path : null;
        int timeout = given.whole(prefix + "_timeout", DEFAULT_TIMEOUT_SECONDS, 1, MAX_TIMEOUT_SECONDS);
        return of(verify, caFile, proxy == null || user == null ? proxy : withLogin(proxy, user, password), timeout);
    }

    /** @param verify whether the server's certificate is checked; with a {@code caFile} it always is */
    private static HttpOptions of(boolean verify, String caFile, URI proxy, int timeoutSeconds) {
        Path authorities = caFile == null ? null : Path.of(caFile);
        TlsOptions tls = new TlsOptions(verify || authorities != null, authorities, null, null);
        return HttpOptions.of(tls, proxy, Duration.ofSeconds(timeoutSeconds));
    }

    /** The same without options of a rule, by the default time-out. */
    static HttpOptions of(boolean verify, String caFile, String proxy) {
        return of(verify, caFile, proxy(proxy), DEFAULT_TIMEOUT_SECONDS);
    }

    /** An address with or without a scheme; null when it is none. */
    private static URI proxy(String address) {
        if (address == null || address.isEmpty()) {
            return null;
        }
        try {
            URI proxy = new URI(address.contains("://") ? address : "http://" + address);
            return proxy.getHost() == null ? null : proxy;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static URI withLogin(URI proxy, String user, String password) {
        try {
            return new URI(
                    proxy.getScheme(), user + ":" + password, proxy.getHost(), proxy.getPort(), null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the address of the proxy was valid without the login", e);
        }
    }
}
