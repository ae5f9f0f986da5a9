package serai.watch.search;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    /** Options that a variable can set: of the same name in capitals, {@code ES_USE_SSL} for {@code use_ssl}. */
    private static final Set<String> IN_ENVIRONMENT = Set.of(
            HOST,
            "es_hosts",
            "es_port",
            "es_username",
            "es_password",
            "es_api_key",
            "es_bearer",
            "use_ssl",
            "es_url_prefix");

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
        if (!IN_ENVIRONMENT.contains(option)) {
            return null;
        }
        String prefix = option.startsWith("es_") ? "" : "ES_";
        String value = environment.apply(prefix + option.toUpperCase(Locale.ROOT));
        return value == null || value.isEmpty() ? null : value;
    }
}
