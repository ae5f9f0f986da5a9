package serai.watch.search;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;

/**
 * The settings {@code watch.elasticsearch*} and {@code watch.search*}, as the options of ElastAlert that they stand
 * for.
 */
final class SearchSettings {

    private static final Map<String, String> OPTIONS = Map.of(
            "elasticsearch-user",
            "es_username",
            "elasticsearch-password",
            "es_password",
            "elasticsearch-api-key",
            "es_api_key",
            "elasticsearch-bearer",
            "es_bearer",
            "elasticsearch-ca",
            "ca_certs",
            "elasticsearch-certificate",
            "client_cert",
            "elasticsearch-certificate-key",
            "client_key",
            "elasticsearch-url-prefix",
            "es_url_prefix");

    private final CamelContext context;

    SearchSettings(CamelContext context) {
        this.context = context;
    }

    Map<String, Object> connection() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("es_hosts", text("elasticsearch", "127.0.0.1:9200"));
        options.put("use_ssl", text("elasticsearch-tls", "false"));
        options.put("verify_certs", text("elasticsearch-verify", "true"));
        options.put("es_conn_timeout", (int) number("search-timeout", 20, 1, 600));
        OPTIONS.forEach((setting, option) -> {
            String value = text(setting, "");
            if (!value.isBlank()) {
                options.put(option, value);
            }
        });
        return options;
    }

    BatchingSearch.Bounds bounds() {
        return new BatchingSearch.Bounds(
                (int) number("search-requests", 4, 1, 64),
                number("search-max-bytes", 32_000_000, 100_000, 1_000_000_000),
                (int) number("search-max-questions", 20_000, 1, 1_000_000));
    }

    URI proxy() {
        String value = text("elasticsearch-proxy", "");
        if (value.isBlank()) {
            return null;
        }
        try {
            URI proxy = new URI(value.contains("://") ? value : "http://" + value);
            if (proxy.getHost() != null && proxy.getPort() > 0) {
                return proxy;
            }
        } catch (URISyntaxException e) {
            // the exception quotes the address, which may hold a password
        }
        throw new IllegalArgumentException(
                "watch.elasticsearch-proxy is not an address; write one such as http://proxy.example.org:3128");
    }

    private long number(String name, long otherwise, long least, long most) {
        String value = text(name, String.valueOf(otherwise));
        if (!value.matches("\\d{1,12}") || Long.parseLong(value) < least || Long.parseLong(value) > most) {
            throw new IllegalArgumentException(
                    "watch." + name + " = " + value + " is not a number from " + least + " to " + most);
        }
        return Long.parseLong(value);
    }

    private String text(String name, String otherwise) {
        return context.resolvePropertyPlaceholders("{{watch." + name + ":" + otherwise + "}}")
                .strip();
    }
}
