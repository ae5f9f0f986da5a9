package serai.elasticsearch;

/** What can be configured of a server. Values are text, numbers, booleans or lists, as they are read from a file. */
public enum ServerOption {
    /** Hosts of one cluster, as {@code host}, {@code host:port} or a URL: a list, or separated by commas. */
    HOSTS("elasticsearch"),
    /** The port of hosts that name none; 9200 by default. */
    PORT(null),
    /** Whether hosts that name no scheme are reached by https. */
    TLS("elasticsearch-tls"),
    /** Path in front of all paths of the API, of hosts that name none. */
    URL_PREFIX("elasticsearch-url-prefix"),
    /** API key, base64 as Kibana shows it; takes precedence over the other logins. */
    API_KEY("elasticsearch-api-key"),
    /** Bearer token; takes precedence over user and password. */
    BEARER("elasticsearch-bearer"),
    USER("elasticsearch-user"),
    PASSWORD("elasticsearch-password"),
    /** Whether the server's certificate is checked; true by default. */
    VERIFY("elasticsearch-verify"),
    /** PEM file of the authorities to trust. */
    CA("elasticsearch-ca"),
    /** PEM file of our own certificate. */
    CERTIFICATE("elasticsearch-certificate"),
    /** PEM file of its key; by default the file of the certificate. */
    CERTIFICATE_KEY("elasticsearch-certificate-key"),
    /** Seconds to wait for a reply, 1 to 600. */
    TIMEOUT("search-timeout");

    private final String setting;

    ServerOption(String setting) {
        this.setting = setting;
    }

    /** The name of its setting behind {@code watch.}, or null when it has none. */
    String setting() {
        return setting;
    }
}
