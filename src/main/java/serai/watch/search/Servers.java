package serai.watch.search;

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
import java.util.function.UnaryOperator;
import serai.elasticsearch.ElasticsearchServer;
import serai.http.BoundedReplies;
import serai.http.HttpOptions;
import serai.http.TlsOptions;
import serai.watch.python.Python;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

/**
 * The server of each rule, with ElastAlert's options and their order (spec/elastalert.md 1.5, 3.1): the environment's
 * {@code ES_*} before the rule's {@code es_*} before the settings. An API key goes before a bearer token, and that
 * before user and password.
 */
final class Servers {

    private static final int PORT = 9200;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Map<String, String> VARIABLES = Map.of(
            "es_host",
            "ES_HOST",
            "es_hosts",
            "ES_HOSTS",
            "es_port",
            "ES_PORT",
            "es_username",
            "ES_USERNAME",
            "es_password",
            "ES_PASSWORD",
            "es_api_key",
            "ES_API_KEY",
            "es_bearer",
            "ES_BEARER",
            "use_ssl",
            "ES_USE_SSL",
            "es_url_prefix",
            "ES_URL_PREFIX");
    private static final Set<String> FALSE = Set.of("false", "no", "off", "0", "");

    private final Map<String, Object> settings;
    private final URI proxy;
    private final long maxBytes;
    private final UnaryOperator<String> environment;

    /**
     * @param settings ElastAlert's options with the values of our settings
     * @param proxy the proxy that all are asked through, or null
     * @param maxBytes most bytes of an unpacked reply
     * @param environment gives a variable's value, or null
     */
    Servers(Map<String, Object> settings, URI proxy, long maxBytes, UnaryOperator<String> environment) {
        this.settings = Map.copyOf(settings);
        this.proxy = proxy;
        this.maxBytes = maxBytes;
        this.environment = environment;
    }

    /** @throws RuleException when an option of the rule's connection cannot be used */
    ElasticsearchServer of(Options given) throws RuleException {
        for (String signing : List.of("aws_region", "profile")) {
            if (Python.truthy(given.value(signing))) {
                throw given.refused(
                        signing,
                        "requests signed for AWS are not supported; give the domain a user and password or let an"
                                + " AWS signing proxy stand before it");
            }
        }
        boolean tls = flag(given, "use_ssl", false);
        List<URI> hosts = hosts(given, tls);
        Path certificate = file(given, "client_cert");
        Path key = file(given, "client_key");
        List<URI> addresses = hosts.stream().map(Servers::withoutLogin).toList();
        TlsOptions tlsOptions = new TlsOptions(
                flag(given, "verify_certs", true),
                file(given, "ca_certs"),
                certificate,
                key == null ? certificate : key);
        Duration timeout = timeout(given);
        BoundedReplies replies =
                new BoundedReplies(maxBytes, timeout.multipliedBy(2), "watch.search-max-bytes", "es_conn_timeout");
        return new ElasticsearchServer(
                addresses,
                authorization(given, hosts),
                new HttpOptions(tlsOptions, proxy, CONNECT_TIMEOUT, timeout, replies));
    }

    /** The environment's value, the rule's, or the setting's. */
    private Object value(Options given, String option) {
        String variable = fromEnvironment(option);
        return variable != null ? variable : given.has(option) ? given.value(option) : settings.get(option);
    }

    private String fromEnvironment(String option) {
        String variable = VARIABLES.containsKey(option) ? environment.apply(VARIABLES.get(option)) : null;
        return variable == null || variable.isEmpty() ? null : variable;
    }

    private String text(Options given, String option) throws RuleException {
        Object value = value(given, option);
        if (value instanceof List || value instanceof Map) {
            throw given.refused(option, "must be a text");
        }
        return value == null || Python.str(value).isEmpty() ? null : Python.str(value);
    }

    private boolean flag(Options given, String option, boolean otherwise) throws RuleException {
        String text = text(given, option);
        return text == null ? otherwise : !FALSE.contains(text.toLowerCase(Locale.ROOT));
    }

    private Duration timeout(Options given) throws RuleException {
        Object value = value(given, "es_conn_timeout");
        if (!(value instanceof Number seconds) || !(seconds.doubleValue() >= 1 && seconds.doubleValue() <= 600)) {
            throw given.refused("es_conn_timeout", "must be a number of seconds from 1 to 600");
        }
        return Duration.ofMillis(Math.round(seconds.doubleValue() * 1_000));
    }

    private Path file(Options given, String option) throws RuleException {
        String text = text(given, option);
        if (text == null) {
            return null;
        }
        Path file = Path.of(text);
        if (!Files.isReadable(file)) {
            throw given.refused(option, "there is no readable file " + file.toAbsolutePath());
        }
        return file;
    }

    private List<URI> hosts(Options given, boolean tls) throws RuleException {
        String option = "es_hosts";
        Object value = value(given, option);
        if (fromEnvironment(option) == null && !given.has(option) && value(given, "es_host") != null) {
            option = "es_host";
            value = value(given, option);
        }
        String prefix = text(given, "es_url_prefix");
        int port = port(given);
        List<URI> hosts = new ArrayList<>();
        for (Object host :
                value instanceof List<?> list ? list : List.of(Python.str(value).split(","))) {
            hosts.add(host(given, option, Python.str(host).strip(), port, tls, prefix == null ? "" : prefix));
        }
        if (hosts.isEmpty()) {
            throw given.refused(option, "names no host");
        }
        return hosts;
    }

    private int port(Options given) throws RuleException {
        String text = text(given, "es_port");
        if (text == null) {
            return PORT;
        }
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65_535) {
            throw given.refused("es_port", "must be a port from 1 to 65535");
        }
        return Integer.parseInt(text);
    }

    /** {@code host}, {@code host:port} or a whole address. */
    private static URI host(Options given, String option, String host, int port, boolean tls, String prefix)
            throws RuleException {
        try {
            URI uri = new URI(host.contains("://") ? host : (tls ? "https://" : "http://") + host);
            boolean secure = "https".equalsIgnoreCase(uri.getScheme());
            if (uri.getHost() == null || !secure && !"http".equalsIgnoreCase(uri.getScheme())) {
                throw given.refused(option, "must be host, host:port or http(s)://host:port");
            }
            String path = uri.getRawPath() == null || uri.getRawPath().matches("/?") ? prefix : uri.getRawPath();
            int its = uri.getPort() > 0 ? uri.getPort() : host.startsWith("https://") ? 443 : port;
            return new URI(
                    secure ? "https" : "http",
                    uri.getUserInfo(),
                    uri.getHost(),
                    its,
                    path.isEmpty() ? "" : "/" + path.replaceAll("^/+|/+$", ""),
                    null,
                    null);
        } catch (URISyntaxException e) {
            // the exception quotes the address, which may hold a password
            throw given.refused(option, "must be host, host:port or http(s)://host:port");
        }
    }

    private static URI withoutLogin(URI host) {
        try {
            return new URI(host.getScheme(), null, host.getHost(), host.getPort(), host.getPath(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private String authorization(Options given, List<URI> hosts) throws RuleException {
        String key = text(given, "es_api_key");
        if (key != null) {
            return "ApiKey " + key;
        }
        String bearer = text(given, "es_bearer");
        if (bearer != null) {
            return "Bearer " + bearer;
        }
        String user = text(given, "es_username");
        String password = text(given, "es_password");
        String both = user == null ? hosts.get(0).getUserInfo() : user + ":" + (password == null ? "" : password);
        return both == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }
}
