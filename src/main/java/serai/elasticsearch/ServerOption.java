package serai.elasticsearch;

import serai.settings.Setting;

/** What can be configured of a server. Values are text, numbers, booleans or lists, as they are read from a file. */
public enum ServerOption {
    /** Hosts of one cluster, as {@code host}, {@code host:port} or a URL: a list, or separated by commas. */
    HOSTS(ElasticsearchSettings.HOSTS),
    /** The port of hosts that name none; 9200 by default. */
    PORT(null),
    /** Whether hosts that name no scheme are reached by https. */
    TLS(ElasticsearchSettings.TLS),
    /** Path in front of all paths of the API, of hosts that name none. */
    URL_PREFIX(ElasticsearchSettings.URL_PREFIX),
    /** API key, base64 as Kibana shows it; takes precedence over the other logins. */
    API_KEY(ElasticsearchSettings.API_KEY),
    /** Bearer token; takes precedence over user and password. */
    BEARER(ElasticsearchSettings.BEARER),
    USER(ElasticsearchSettings.USER),
    PASSWORD(ElasticsearchSettings.PASSWORD),
    /** Whether the server's certificate is checked; true by default. */
    VERIFY(ElasticsearchSettings.VERIFY),
    /** PEM file of the authorities to trust. */
    CA(ElasticsearchSettings.CA),
    /** PEM file of our own certificate. */
    CERTIFICATE(ElasticsearchSettings.CERTIFICATE),
    /** PEM file of its key; by default the file of the certificate. */
    CERTIFICATE_KEY(ElasticsearchSettings.CERTIFICATE_KEY),
    /** Seconds to wait for a reply, 1 to 600. */
    TIMEOUT(ElasticsearchSettings.TIMEOUT);

    private final Setting<?> setting;

    ServerOption(Setting<?> setting) {
        this.setting = setting;
    }

    /** Its setting, or null when it has none. */
    Setting<?> setting() {
        return setting;
    }
}
