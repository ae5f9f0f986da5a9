package serai.watch.search;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import serai.elasticsearch.ElasticsearchServer;
import serai.elasticsearch.ElasticsearchSettings;
import serai.elasticsearch.ServerOption;
import serai.elasticsearch.ServerOptionException;
import serai.watch.python.Python;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

/**
 * The server of each rule, by ElastAlert's options: the variables {@code ES_*} of the environment take precedence over
 * the rule's {@code es_*}, and these over the settings.
 */
final class RuleServers {

    private static final String HOST = "es_host";
    private static final Map<ServerOption, String> OPTIONS = new EnumMap<>(Map.ofEntries(
            Map.entry(ServerOption.HOSTS, "es_hosts"),
            Map.entry(ServerOption.PORT, "es_port"),
            Map.entry(ServerOption.TLS, "use_ssl"),
            Map.entry(ServerOption.URL_PREFIX, "es_url_prefix"),
            Map.entry(ServerOption.API_KEY, "es_api_key"),
            Map.entry(ServerOption.BEARER, "es_bearer"),
            Map.entry(ServerOption.USER, "es_username"),
            Map.entry(ServerOption.PASSWORD, "es_password"),
            Map.entry(ServerOption.VERIFY, "verify_certs"),
            Map.entry(ServerOption.CA, "ca_certs"),
            Map.entry(ServerOption.CERTIFICATE, "client_cert"),
            Map.entry(ServerOption.CERTIFICATE_KEY, "client_key"),
            Map.entry(ServerOption.TIMEOUT, "es_conn_timeout")));
    private static final Map<String, String> VARIABLES = Map.of(
            HOST,
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

    private final ElasticsearchSettings settings;
    private final UnaryOperator<String> environment;

    /** @param environment gives the value of a variable, or null */
    RuleServers(ElasticsearchSettings settings, UnaryOperator<String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /** @throws RuleException when an option of the rule's connection cannot be used */
    ElasticsearchServer of(Options options) throws RuleException {
        for (String signing : List.of("aws_region", "profile")) {
            if (Python.truthy(options.value(signing))) {
                throw options.refused(
                        signing,
                        "signed requests for AWS are not supported; give the domain a user and password, or put an"
                                + " AWS signing proxy in front of it");
            }
        }
        try {
            return settings.server(option -> value(options, option));
        } catch (ServerOptionException e) {
            throw options.refused(name(options, e.option()), e.getMessage());
        }
    }

    private Object value(Options options, ServerOption option) {
        String name = name(options, option);
        String variable = variable(name);
        Object value = variable != null ? variable : options.has(name) ? options.value(name) : settings.value(option);
        if (value == null || option == ServerOption.TIMEOUT) {
            return value;
        }
        return value instanceof List<?> list ? list.stream().map(Python::str).toList() : text(value);
    }

    private static Object text(Object value) {
        return value instanceof Map ? value : Python.str(value);
    }

    /** Hosts are named by {@code es_host} where {@code es_hosts} is not given. */
    private String name(Options options, ServerOption option) {
        String name = OPTIONS.get(option);
        boolean oneHost = option == ServerOption.HOSTS
                && variable(name) == null
                && !options.has(name)
                && (variable(HOST) != null || options.value(HOST) != null);
        return oneHost ? HOST : name;
    }

    private String variable(String option) {
        String value = VARIABLES.containsKey(option) ? environment.apply(VARIABLES.get(option)) : null;
        return value == null || value.isEmpty() ? null : value;
    }
}
