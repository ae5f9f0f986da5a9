package serai.elasticsearch;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import serai.http.HostAlias;
import serai.http.TlsOptions;
import serai.settings.Secrets;

/**
 * Checks the options of a server.
 *
 * @param values the value of an option; null or empty when it is not configured
 */
record ServerOptions(Function<ServerOption, Object> values) {

    private static final int DEFAULT_PORT = 9200;
    private static final Set<String> FALSE = Set.of("false", "no", "off", "0", "");

    TlsOptions tls() throws ServerOptionException {
        Path certificate = file(ServerOption.CERTIFICATE);
        Path key = file(ServerOption.CERTIFICATE_KEY);
        return new TlsOptions(
                flag(ServerOption.VERIFY, true), file(ServerOption.CA), certificate, key == null ? certificate : key);
    }

    Duration timeout() throws ServerOptionException {
        Object value = values.apply(ServerOption.TIMEOUT);
        if (!(value instanceof Number seconds) || !(seconds.doubleValue() >= 1 && seconds.doubleValue() <= 600)) {
            throw new ServerOptionException(ServerOption.TIMEOUT, "must be a number of seconds from 1 to 600");
        }
        return Duration.ofMillis(Math.round(seconds.doubleValue() * 1_000));
    }

    /** Addresses of the hosts; each may have a login as its user info. */
    List<URI> hosts() throws ServerOptionException {
        Object value = values.apply(ServerOption.HOSTS);
        int port = port();
        List<URI> hosts = new ArrayList<>();
        for (Object host : value instanceof List<?> list
                ? list
                : List.of(String.valueOf(value).split(","))) {
            hosts.add(host(String.valueOf(host).strip(), port));
        }
        if (hosts.isEmpty()) {
            throw new ServerOptionException(ServerOption.HOSTS, "names no host");
        }
        return hosts;
    }

    private URI host(String host, int port) throws ServerOptionException {
        try {
            URI uri = HostAlias.uri(
                    host.contains("://") ? host : (flag(ServerOption.TLS, false) ? "https://" : "http://") + host);
            boolean secure = "https".equalsIgnoreCase(uri.getScheme());
            if (uri.getHost() != null && (secure || "http".equalsIgnoreCase(uri.getScheme()))) {
                int defaultPort = host.startsWith("https://") ? 443 : port;
                return new URI(
                        secure ? "https" : "http",
                        uri.getUserInfo(),
                        uri.getHost(),
                        uri.getPort() > 0 ? uri.getPort() : defaultPort,
                        prefix(uri.getRawPath()),
                        null,
                        null);
            }
        } catch (URISyntaxException e) {
            // the exception quotes the address, which may contain a password
        }
        throw new ServerOptionException(ServerOption.HOSTS, "must be host, host:port or http(s)://host:port");
    }

    private String prefix(String path) throws ServerOptionException {
        String configured = text(ServerOption.URL_PREFIX);
        String prefix = path != null && !path.matches("/?") ? path : configured == null ? "" : configured;
        return prefix.isEmpty() ? "" : "/" + prefix.replaceAll("^/+|/+$", "");
    }

    private int port() throws ServerOptionException {
        String text = text(ServerOption.PORT);
        if (text == null) {
            return DEFAULT_PORT;
        }
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65_535) {
            throw new ServerOptionException(ServerOption.PORT, "must be a port from 1 to 65535");
        }
        return Integer.parseInt(text);
    }

    /** @param userInfo login in the address of a host, or null */
    String authorization(String userInfo) throws ServerOptionException {
        if (text(ServerOption.API_KEY) != null) {
            return "ApiKey " + secret(text(ServerOption.API_KEY));
        }
        if (text(ServerOption.BEARER) != null) {
            return "Bearer " + secret(text(ServerOption.BEARER));
        }
        String password = text(ServerOption.PASSWORD);
        String login = text(ServerOption.USER) == null
                ? userInfo
                : text(ServerOption.USER) + ":" + (password == null ? "" : password);
        if (login == null) {
            return null;
        }
        secret(login.substring(login.indexOf(':') + 1));
        return "Basic " + secret(Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }

    private static String secret(String text) {
        Secrets.add(text);
        return text;
    }

    private String text(ServerOption option) throws ServerOptionException {
        Object value = values.apply(option);
        if (value instanceof List || value instanceof Map) {
            throw new ServerOptionException(option, "must be a text");
        }
        return value == null || value.toString().isEmpty() ? null : value.toString();
    }

    private boolean flag(ServerOption option, boolean otherwise) throws ServerOptionException {
        String text = text(option);
        return text == null ? otherwise : !FALSE.contains(text.toLowerCase(Locale.ROOT));
    }

    private Path file(ServerOption option) throws ServerOptionException {
        String text = text(option);
        if (text == null) {
            return null;
        }
        Path file = Path.of(text);
        if (!Files.isReadable(file)) {
            throw new ServerOptionException(option, "there is no readable file " + file.toAbsolutePath());
        }
        return file;
    }
}
