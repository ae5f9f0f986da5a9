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
 * ElastAlert's {@code config.yaml}: what holds for all rules, where they are, and where its state is
 * (spec/elastalert.md 3.1). Read as rule files are; what it requires may be left out, since the settings
 * {@code watch.*} say it then.
 */
public final class ElastAlertConfig {

    /** No file: nothing but the settings. */
    public static final ElastAlertConfig NONE = new ElastAlertConfig(new Options(Map.of(), Map.of()));

    /** Environment variables that go before the file. */
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
            "why a rule fails is on the page and in the log, and serai_watch metrics count it";

    /** What is done otherwise here, or not needed. */
    private static final Map<String, String> WITHOUT_MEANING = Map.ofEntries(
            Map.entry("max_threads", "runs wait for no thread here"),
            Map.entry("misfire_grace_time", "no run is left out here, however late it is"),
            Map.entry("disable_rules_on_error", "no error disables a rule here"),
            Map.entry("show_disabled_rules", "no error disables a rule here"),
            Map.entry("skip_invalid", "a file that is wrong is always left out, and said so on the page"),
            Map.entry("scroll_keepalive", "documents are read page by page without a scroll"),
            Map.entry("es_send_get_body_as", "queries are always posted"),
            Map.entry("ssl_show_warn", "there are no such warnings"),
            Map.entry("replace_dots_in_field_names", "no server that is served here needs it"),
            Map.entry("logging", "the log is set by SERAI_LOG_LEVEL and SERAI_LOG_FORMAT"),
            Map.entry("statsd_host", "the figures are at /observe/metrics, for Prometheus"),
            Map.entry("statsd_instance_tag", "the figures are at /observe/metrics, for Prometheus"),
            Map.entry("notify_email", NOTIFIED),
            Map.entry("notify_alert", NOTIFIED),
            Map.entry("notify_all_errors", NOTIFIED),
            Map.entry("realert", "as in ElastAlert, it is no default for rules; write it into the rules"));

    private static final List<String> ABOUT_THE_FILE = List.of(
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
     * @param text the file's text
     * @param environment gives an environment variable, or null
     * @throws RuleException when an option that is read here is wrong; with the line
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
        ElastAlertConfig config = new ElastAlertConfig(file.with(values));
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
                    "rules_loader", "names a Python class, which cannot run here; put the rules into a folder");
        }
        rulesFolders();
        scanSubdirectories();
        writebackIndex();
        maxAggregation();
        addMetadataAlert();
        PythonClasses.notices(options);
    }

    /** What holds for rules that say nothing else, with the places where it stands. */
    public Options defaults(String file) {
        Map<String, Object> values = new LinkedHashMap<>(options.values());
        values.keySet().removeAll(ABOUT_THE_FILE);
        return new Options(Map.of(), Map.of()).over(options.with(values), file, null);
    }

    /** The folders with rules, as they are written. */
    public List<Path> rulesFolders() throws RuleException {
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

    public boolean scanSubdirectories() throws RuleException {
        return options.flag("scan_subdirectories", true);
    }

    /** The index of alerts; those of its other state are called so with an ending. */
    public Optional<String> writebackIndex() throws RuleException {
        return Optional.ofNullable(options.text("writeback_index", null)).filter(name -> !name.isBlank());
    }

    /** A time of the file, such as {@code old_query_limit}. */
    public Duration time(String option, Duration otherwise) throws RuleException {
        return options.time(option, otherwise);
    }

    /** How many matches one message tells of at most. */
    public int maxAggregation() throws RuleException {
        return options.whole("max_aggregation", 10_000);
    }

    /** Whether alert documents carry category, description, owner and priority of their rule. */
    public boolean addMetadataAlert() throws RuleException {
        return options.flag("add_metadata_alert", false);
    }

    /** What is read past, each with its line and the reason. */
    public List<String> notices() throws RuleException {
        List<String> notices = new ArrayList<>(PythonClasses.notices(options));
        options.values().keySet().stream()
                .filter(WITHOUT_MEANING::containsKey)
                .filter(name -> options.line(name) != null)
                .forEach(name ->
                        notices.add(options.line(name) + ": " + name + " has no effect: " + WITHOUT_MEANING.get(name)));
        notices.addAll(OptionSpelling.notices(options));
        return notices;
    }
}
