package serai.watch.alert;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * How an HTTP server is reached.
 *
 * @param verify         whether its certificate is checked; with a {@code caFile} it always is
 * @param caFile         a PEM file with the authorities to trust in place of the usual ones, or null
 * @param proxy          the proxy for https addresses, as the rule names it, or null
 * @param proxyUser      the login at the proxy, or null
 * @param proxyPassword  a secret
 * @param timeoutSeconds to connect, and as many again to wait for the answer
 */
public record Connection(boolean verify, String caFile, String proxy, String proxyUser, String proxyPassword, int timeoutSeconds) {

    public static final Connection PLAIN = new Connection(true, null, null, null, null, 10);

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
