package serai.watch.alerter;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import serai.http.HostAlias;
import serai.http.HttpOptions;
import serai.http.TlsOptions;
import serai.watch.rule.RuleException;

/** The options of a rule that tell how an HTTP server is reached. */
final class ConnectionOptions {

    private static final int MAX_TIMEOUT_SECONDS = 600;
    private static final int DEFAULT_TIMEOUT_SECONDS = 10;

    private final Option<String> proxy;
    private final Option<String> proxyUser;
    private final Option<String> proxyPassword;
    private final Option<Object> authorities;
    private final Option<Boolean> ignoreErrors;
    private final Option<Integer> timeout;

    private ConnectionOptions(OptionList list, String prefix, String proxyUser, String proxyPassword) {
        this.proxy = list.text(prefix + "_proxy");
        this.proxyUser = list.text(proxyUser);
        this.proxyPassword = list.text(proxyPassword, "");
        this.authorities = list.any(prefix + "_ca_certs");
        this.ignoreErrors = list.flag(prefix + "_ignore_ssl_errors");
        this.timeout = list.whole(prefix + "_timeout", DEFAULT_TIMEOUT_SECONDS, 1, MAX_TIMEOUT_SECONDS);
    }

    /** Adds options whose names begin with a prefix: {@code PREFIX_proxy}, {@code PREFIX_ca_certs} and so on. */
    static Option<HttpOptions> of(OptionList options, String prefix) {
        return of(options, prefix, prefix + "_proxy_login", prefix + "_proxy_pass");
    }

    /** The same, with other names for the login at the proxy. */
    static Option<HttpOptions> of(OptionList options, String prefix, String proxyUser, String proxyPassword) {
        OptionList own = new OptionList();
        ConnectionOptions connection = new ConnectionOptions(own, prefix, proxyUser, proxyPassword);
        return options.group(own.all().stream().map(Option::name).toList(), "connection", connection::read);
    }

    private HttpOptions read(AlerterOptions options) throws RuleException {
        String address = proxy.read(options);
        URI proxyAddress = proxyAddress(address);
        if (proxyAddress == null && address != null && !address.isEmpty()) {
            throw options.refused(proxy.name(), "must be the address of a proxy, such as proxy.example.org:3128");
        }
        String user = proxyUser.read(options);
        if (proxyAddress != null && user != null) {
            proxyAddress = withLogin(proxyAddress, user, proxyPassword.read(options));
        }
        Object trusted = authorities.read(options);
        if (trusted != null && !(trusted instanceof Boolean || trusted instanceof String)) {
            throw options.refused(authorities.name(), "must be the path of a PEM file, or true");
        }
        boolean verify = Boolean.TRUE.equals(trusted) || !ignoreErrors.read(options);
        String caFile = trusted instanceof String path && !path.isEmpty() ? path : null;
        return of(verify, caFile, proxyAddress, timeout.read(options));
    }

    /** The connection of an alerter that has no options of these names. */
    static HttpOptions of(boolean verify, String caFile, String proxy) {
        return of(verify, caFile, proxyAddress(proxy), DEFAULT_TIMEOUT_SECONDS);
    }

    /** @param verify whether the server's certificate is checked; with a {@code caFile} it always is */
    private static HttpOptions of(boolean verify, String caFile, URI proxy, int timeoutSeconds) {
        Path trusted = caFile == null ? null : Path.of(caFile);
        TlsOptions tls = new TlsOptions(verify || trusted != null, trusted, null, null);
        HttpOptions connection = HttpOptions.of(tls, proxy, Duration.ofSeconds(timeoutSeconds));
        // most rules have none of these options: they share one object
        return connection.equals(HttpOptions.DEFAULT) ? HttpOptions.DEFAULT : connection;
    }

    /** An address with or without a scheme; null when it is not an address. */
    private static URI proxyAddress(String address) {
        if (address == null || address.isEmpty()) {
            return null;
        }
        try {
            URI proxy = HostAlias.uri(address.contains("://") ? address : "http://" + address);
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
