package serai.watch;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import serai.warehouse.Warehouse;
import serai.watch.elastalert.ElastAlertState;
import serai.watch.rule.ElastAlertConfig;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleTexts;
import serai.watch.run.RuleRun;
import serai.watch.source.WarehouseSearch;

/**
 * The settings {@code watch.*} of application.properties. A wrong value is an {@link IllegalArgumentException} whose
 * message names the setting, the value and what to write.
 */
record WatchSettings(CamelContext context) {

    /** Default options of rules: those of ElastAlert's configuration take precedence over these settings. */
    Options defaults(ElastAlertConfig config) {
        return config.defaults(text("elastalert-config", ""))
                .withDefaults(new Options(defaults(), Map.of()), null, null);
    }

    private Map<String, Object> defaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("run_every", Map.of("milliseconds", time("run-every", "1m").toMillis()));
        defaults.put(
                "buffer_time", Map.of("milliseconds", time("buffer-time", "15m").toMillis()));
        defaults.put(
                "alert_time_limit",
                Map.of("milliseconds", time("alert-time-limit", "2d").toMillis()));
        String webhook = text("slack-webhook", "");
        if (!webhook.isBlank()) {
            defaults.put("slack_webhook_url", webhook);
        }
        return defaults;
    }

    /**
     * ElastAlert's configuration.
     *
     * @param root the project's folder
     */
    ElastAlertConfig elastAlert(Path root) {
        String file = text("elastalert-config", "");
        if (file.isBlank()) {
            return ElastAlertConfig.NONE;
        }
        String text = new RuleTexts(root)
                .apply(Path.of(file))
                .orElseThrow(() -> new IllegalArgumentException("watch.elastalert-config = " + file
                        + " cannot be read; write the path of ElastAlert's config.yaml"));
        try {
            return ElastAlertConfig.read(text, System::getenv);
        } catch (RuleException e) {
            throw new IllegalArgumentException(
                    file + (e.line() == null ? "" : ":" + e.line()) + ": " + e.getMessage(), e);
        }
    }

    /** Which of ElastAlert's indices are read and written; empty when no index is named. */
    Optional<ElastAlertState.Settings> elastAlertState(ElastAlertConfig config) {
        try {
            String index = text("writeback-index", "").isBlank()
                    ? config.writebackIndex().orElse("")
                    : text("writeback-index", "").strip();
            boolean written = flag("write-elastalert-state");
            if (index.isBlank() && written) {
                throw new IllegalArgumentException(
                        "watch.write-elastalert-state = true needs watch.writeback-index, the index to write to");
            }
            return index.isBlank()
                    ? Optional.empty()
                    : Optional.of(new ElastAlertState.Settings(
                            index,
                            written,
                            config.addMetadataAlert(),
                            config.time("old_query_limit", time("catch-up-limit", "7d")),
                            alertTimeLimit(config)));
        } catch (RuleException e) {
            throw new IllegalArgumentException(text("elastalert-config", "") + ": " + e.getMessage(), e);
        }
    }

    /** How long an undelivered message is retried. */
    Duration alertTimeLimit(ElastAlertConfig config) {
        try {
            Duration limit = config.time("alert_time_limit", Duration.ZERO);
            return limit.isZero() ? time("alert-time-limit", "2d") : limit;
        } catch (RuleException e) {
            throw new IllegalArgumentException(text("elastalert-config", "") + ": " + e.getMessage(), e);
        }
    }

    private boolean flag(String name) {
        String value = text(name, "false").strip();
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(
                    "watch." + name + " = " + value + " is not a boolean; write true or false");
        }
        return value.equals("true");
    }

    /** The time zone of times in messages. */
    ZoneId zone() {
        String zone = text("time-zone", "");
        try {
            return zone.isBlank() ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "watch.time-zone = " + zone + " is not a time zone; write one such as Europe/Berlin", e);
        }
    }

    /** Limits of one run of a rule. */
    RuleRun.Bounds bounds() {
        return new RuleRun.Bounds(
                whole("max-documents", "20000"), 100, whole("max-remembered", "500000"), time("catch-up-limit", "7d"));
    }

    /** The search of rules over the warehouse. */
    WarehouseSearch tables(Warehouse warehouse) {
        return new WarehouseSearch(
                warehouse.dataSource(), time("warehouse-timeout", "30s"), whole("warehouse-queries", "4"));
    }

    Duration time(String name, String otherwise) {
        String value = text(name, otherwise);
        Duration time = context.getTypeConverter().tryConvertTo(Duration.class, value);
        if (time == null || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(
                    "watch." + name + " = " + value + " is not a duration; write one such as " + otherwise);
        }
        return time;
    }

    int whole(String name, String otherwise) {
        String value = text(name, otherwise);
        Integer number = context.getTypeConverter().tryConvertTo(Integer.class, value);
        if (number == null || number < 1) {
            throw new IllegalArgumentException("watch." + name + " = " + value
                    + " is not a whole number of 1 or more; write one such as " + otherwise);
        }
        return number;
    }

    String text(String name, String otherwise) {
        return context.resolvePropertyPlaceholders("{{watch." + name + ":" + otherwise + "}}");
    }
}
