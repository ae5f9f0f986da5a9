package serai.watch.alerter;

import java.net.URI;
import java.net.URISyntaxException;
import serai.watch.rule.RuleException;

/**
 * How an HTTP server is reached.
 *
 * @param verify whether its certificate is checked; with a {@code caFile} it always is
 * @param caFile a PEM file with the authorities to trust in place of the usual ones, or null
 * @param proxy the proxy for https addresses, as the rule names it, or null
 * @param proxyUser the login at the proxy, or null
 * @param proxyPassword a secret
 * @param timeoutSeconds to connect, and as many again to wait for the answer
 */
public record HttpOptions(
        boolean verify, String caFile, String proxy, String proxyUser, String proxyPassword, int timeoutSeconds) {

    public static final HttpOptions PLAIN = new HttpOptions(true, null, null, null, null, 10);

    private static final int LONGEST_TIMEOUT = 600;

    /**
     * What a rule says by {@code <prefix>_proxy}, {@code _proxy_login}, {@code _ca_certs}, {@code _ignore_ssl_errors}
     * and the like.
     */
    static HttpOptions of(AlerterOptions given, String prefix) throws RuleException {
        return of(given, prefix, prefix + "_proxy_login", prefix + "_proxy_pass");
    }

    static HttpOptions of(AlerterOptions given, String prefix, String proxyUser, String proxyPassword)
            throws RuleException {
        String proxy = given.string(prefix + "_proxy", null);
        if (proxy != null && address(proxy) == null) {
            throw given.refused(prefix + "_proxy", "must be a proxy's address, such as proxy.example.org:3128");
        }
        Object authorities = given.value(prefix + "_ca_certs");
        if (authorities != null && !(authorities instanceof Boolean || authorities instanceof String)) {
            throw given.refused(prefix + "_ca_certs", "must be the path of a PEM file, or true");
        }
        boolean verify = Boolean.TRUE.equals(authorities) || !given.flag(prefix + "_ignore_ssl_errors", false);
        String caFile = authorities instanceof String path && !path.isEmpty() ? path : null;
        return new HttpOptions(
                verify || caFile != null,
                caFile,
                proxy == null || proxy.isEmpty() ? null : proxy,
                given.string(proxyUser, null),
                given.string(proxyPassword, null),
                given.whole(prefix + "_timeout", 10, 1, LONGEST_TIMEOUT));
    }

    /** The proxy's address with its scheme, or null. */
    public URI proxyAddress() {
        return proxy == null ? null : address(proxy);
    }

    /** @return null when the text names no proxy */
    static URI address(String proxy) {
        try {
            URI address = new URI(proxy.contains("://") ? proxy : "http://" + proxy);
            return address.getHost() == null ? null : address;
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Without the proxy, whose address may hold its password. */
    @Override
    public String toString() {
        return "connection, " + timeoutSeconds + " s";
    }
}
