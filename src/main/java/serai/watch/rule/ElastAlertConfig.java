package serai.watch.rule;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * ElastAlert's {@code config.yaml}: options for all rules, the folders of rules, and the indices of its state (see
 * {@code docs/reference/elastalert.md}, "config.yaml"). It is read like a rule file. Nothing is required, since the
 * settings {@code watch.*} are used where it has no option.
 */
public final class ElastAlertConfig {

    /** Without a file. */
    public static final ElastAlertConfig NONE = new ElastAlertConfig(new Options(Map.of(), Map.of()));

    /** Environment variables that take precedence over the file. */
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "ES_USE_SSL",
            "use_ssl",
            "ES_BEARER",
            "es_bearer",
            "ES_PASSWORD",
            "es_password",
            "ES_USERNAME",
            "es_username",
            "ES_API_KEY",
            "es_api_key",
            "ES_HOST",
            "es_host",
            "ES_HOSTS",
            "es_hosts",
            "ES_PORT",
            "es_port",
            "ES_URL_PREFIX",
            "es_url_prefix");

    private static final String NOTIFIED =
            "the page and the log show why a rule fails, and serai_watch metrics count it";

    /** Options without an effect here, with the reason. */
    private static final Map<String, String> WITHOUT_EFFECT = Map.ofEntries(
            Map.entry("max_threads", "runs do not wait for threads here"),
            Map.entry("misfire_grace_time", "no run is skipped here, however late it is"),
            Map.entry("disable_rules_on_error", "no error disables a rule here"),
            Map.entry("show_disabled_rules", "no error disables a rule here"),
            Map.entry("skip_invalid", "a wrong file is always skipped, and reported on the page"),
            Map.entry("scroll_keepalive", "documents are read page by page without a scroll"),
            Map.entry("es_send_get_body_as", "queries are always posted"),
            Map.entry("ssl_show_warn", "there are no such warnings"),
            Map.entry("replace_dots_in_field_names", "no supported server needs it"),
            Map.entry("logging", "the log is set by SERAI_LOG_LEVEL and SERAI_LOG_FORMAT"),
            Map.entry("statsd_host", "metrics are at /observe/metrics, for Prometheus"),
            Map.entry("statsd_instance_tag", "metrics are at /observe/metrics, for Prometheus"),
            Map.entry("notify_email", NOTIFIED),
            Map.entry("notify_alert", NOTIFIED),
            Map.entry("notify_all_errors", NOTIFIED),
            Map.entry("realert", "as in ElastAlert, it is not a default for rules; write it into the rules"));

    /** Options that are no defaults for rules. */
    private static final List<String> NOT_FOR_RULES = List.of(
            "rules_folder",
            "rules_loader",
            "scan_subdirectories",
            "writeback_index",
            "skip_invalid",
            "max_threads",
            "misfire_grace_time",
            "logging",
            "statsd_host",
            "statsd_instance_tag");

    private final Options options;

    private ElastAlertConfig(Options options) {
        this.options = options;
    }

    /**
     * Reads a file.
     *
     * @param text the file's text
     * @param environment returns an environment variable, or null
     * @throws RuleException when an option is wrong
     */
    public static ElastAlertConfig read(String text, UnaryOperator<String> environment) throws RuleException {
        Options file = RuleFile.read(text, environment);
        Map<String, Object> values = new LinkedHashMap<>(file.values());
        values.values().removeIf(value -> value == null);
        ENVIRONMENT.forEach((variable, option) -> {
            String value = environment.apply(variable);
            if (value != null) {
                values.put(option, option.equals("use_ssl") ? (Object) isYes(value) : value);
            }
        });
        ElastAlertConfig config = new ElastAlertConfig(file.withValues(values));
        config.check();
        return config;
    }

    private static boolean isYes(String value) {
        return List.of("1", "true", "yes", "on", "y", "ok")
                .contains(value.strip().toLowerCase(java.util.Locale.ROOT));
    }

    private void check() throws RuleException {
        for (String time : List.of("run_every", "buffer_time", "alert_time_limit", "old_query_limit")) {
            if (time(time, Duration.ofSeconds(1)).isNegative()) {
                throw options.refused(time, "must not be negative");
            }
        }
        if (!options.text("rules_loader", "file").equals("file")) {
            throw options.refused(
                    "rules_loader",
                    "names a Python class, which cannot run here; put the rules into a folder and remove it");
        }
        rulesFolders();
        scanSubdirectories();
        writebackIndex();
        maxAggregation();
        addMetadataAlert();
        RuleNotices.common(options);
    }

    /**
     * The options for rules that do not have their own.
     *
     * @param file the name of this file, for messages about its options
     */
    public Options defaults(String file) {
        Map<String, Object> values = new LinkedHashMap<>(options.values());
        values.keySet().removeAll(NOT_FOR_RULES);
        return new Options(Map.of(), Map.of()).withDefaults(options.withValues(values), file, null);
    }

    /** {@code rules_folder}, as it is written. */
    List<Path> rulesFolders() throws RuleException {
        List<Path> folders = new ArrayList<>();
        for (String folder : options.texts("rules_folder")) {
            try {
                folders.add(Path.of(folder).normalize());
            } catch (InvalidPathException e) {
                throw options.refused("rules_folder", "is not the name of a folder");
            }
        }
        return folders;
    }

    /** {@code scan_subdirectories}. */
    boolean scanSubdirectories() throws RuleException {
        return options.flag("scan_subdirectories", true);
    }

    /** {@code writeback_index}: the index of alerts; the names of the other state indices begin with it. */
    public Optional<String> writebackIndex() throws RuleException {
        return Optional.ofNullable(options.text("writeback_index", null)).filter(name -> !name.isBlank());
    }

    /** A time, such as {@code old_query_limit}. */
    public Duration time(String option, Duration defaultValue) throws RuleException {
        return options.time(option, defaultValue);
    }

    /** {@code max_aggregation}: the most matches of one message. */
    int maxAggregation() throws RuleException {
        return options.whole("max_aggregation", 10_000);
    }

    /** Whether alert documents contain category, description, owner and priority of their rule. */
    public boolean addMetadataAlert() throws RuleException {
        return options.flag("add_metadata_alert", false);
    }

    /** Options without an effect, each with its line and the reason. */
    public List<String> notices() throws RuleException {
        List<String> notices = new ArrayList<>();
        options.values().keySet().stream()
                .filter(name -> WITHOUT_EFFECT.containsKey(name) && options.line(name) != null)
                .forEach(name ->
                        notices.add(options.line(name) + ": " + name + " has no effect: " + WITHOUT_EFFECT.get(name)));
        notices.addAll(RuleNotices.common(options));
        return notices;
    }
}
