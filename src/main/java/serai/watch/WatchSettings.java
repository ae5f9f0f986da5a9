package serai.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;
import serai.warehouse.Warehouse;
import serai.watch.elastalert.ElastAlertState;
import serai.watch.engine.Engine;
import serai.watch.rule.ElastAlertConfig;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleTexts;
import serai.watch.run.RuleRun;
import serai.watch.source.WarehouseSearch;

/** The settings {@code watch.*}, and what follows from them and from ElastAlert's configuration. */
record WatchSettings(Settings settings) {

    private static final Setting<String> SLACK_WEBHOOK = Setting.optional(
            "watch.slack-webhook",
            SettingType.secretAddress(),
            "Slack webhook of rules that name none, and of messages about failing rules. Set it as"
                    + " WATCH_SLACK_WEBHOOK.");
    private static final Setting<String> FALLBACK_WEBHOOK = Setting.optional(
            "watch.fallback-webhook",
            SettingType.secretAddress(),
            "Slack webhook of messages about alerts that are not delivered. Empty: watch.slack-webhook. Set it as"
                    + " WATCH_FALLBACK_WEBHOOK.");
    private static final Setting<Duration> RUN_EVERY =
            Setting.of("watch.run-every", SettingType.duration(), "1m", "How often a rule runs that has no run_every.");
    private static final Setting<String> MORNING_DIGEST = Setting.of(
            "watch.morning-digest.cron",
            SettingType.cron(),
            "0 0/10 7-8 * * ?",
            "When the digest of yesterday's numbers is sent to watch.slack-webhook, in UTC. It is sent once a day: the"
                    + " later times count only if the earlier ones failed or were missed.");
    private static final Setting<Duration> BUFFER_TIME = Setting.of(
            "watch.buffer-time",
            SettingType.duration(),
            "15m",
            "How far back late documents are found by a rule that has no buffer_time.");
    private static final Setting<String> ELASTALERT_CONFIG = Setting.optional(
            "watch.elastalert-config",
            SettingType.path(),
            "Path of ElastAlert's config.yaml: its options hold for all rules, its rules_folder is read too. Empty:"
                    + " none.");
    private static final Setting<String> WRITEBACK_INDEX = Setting.optional(
            "watch.writeback-index",
            SettingType.text(),
            "Name of ElastAlert's writeback_index, whose state is imported once. Empty: the name in config.yaml.");
    private static final Setting<Boolean> WRITE_STATE = Setting.of(
            "watch.write-elastalert-state",
            SettingType.flag(),
            "false",
            "Whether status, silences, alerts and errors are also written to these indices.");
    private static final Setting<ZoneId> TIME_ZONE = Setting.optional(
            "watch.time-zone",
            SettingType.zone(),
            "Time zone of times in messages, such as Europe/Berlin. Empty: the zone of the machine.");
    private static final Setting<Duration> ALERT_TIME_LIMIT = Setting.of(
            "watch.alert-time-limit", SettingType.duration(), "2d", "How long an undelivered message is tried again.");
    private static final Setting<Duration> KEEP_SENT = Setting.of(
            "watch.keep-sent",
            SettingType.duration(),
            "30d",
            "How long messages stay in the outbox after they were sent or given up.");
    private static final Setting<Duration> KEEP_MATCHES = Setting.of(
            "watch.keep-matches",
            SettingType.duration(),
            "7d",
            "How long matches are kept for rules with \"source: matches\".");
    private static final Setting<Duration> WAREHOUSE_TIMEOUT = Setting.of(
            "watch.warehouse-timeout",
            SettingType.duration(Duration.ofMillis(1), Duration.ofDays(24)),
            "30s",
            "Longest query of a rule with \"source: warehouse\".");
    private static final Setting<Integer> WAREHOUSE_QUERIES =
            Setting.of("watch.warehouse-queries", SettingType.count(1000), "4", "Most of these queries in progress.");
    private static final Setting<Duration> CATCH_UP_LIMIT = Setting.of(
            "watch.catch-up-limit",
            SettingType.duration(),
            "7d",
            "How far back a rule goes that did not run for a while.");
    private static final Setting<Duration> FAILURE_NOTICE = Setting.of(
            "watch.failure-notice",
            SettingType.duration(),
            "10m",
            "How long a source, model, rule or route may be held, late or failed before watch.slack-webhook gets a"
                    + " message about it.");
    private static final Setting<Integer> RUNS_AT_ONCE =
            Setting.of("watch.runs-at-once", SettingType.count(1_000_000), "1000", "Most runs of rules in progress.");
    private static final Setting<Integer> MAX_DOCUMENTS = Setting.of(
            "watch.max-documents",
            SettingType.count(Integer.MAX_VALUE),
            "20000",
            "Most new documents that one run of a rule reads. The next run continues.");
    private static final Setting<Double> REJECTED_SHARE = Setting.of(
            "watch.rejected-share",
            SettingType.decimal(0, 1),
            "0.1",
            "Share of a rule's documents that may be rejected, because they cannot be read, before the rule counts as"
                    + " failed; 0.1 is one of ten. With fewer its status is a warning.");
    private static final Setting<Integer> MAX_REMEMBERED = Setting.of(
            "watch.max-remembered",
            SettingType.count(Integer.MAX_VALUE),
            "500000",
            "Most documents that a rule remembers so that none counts twice.");

    static final List<Setting<?>> ALL = List.of(
            SLACK_WEBHOOK,
            FALLBACK_WEBHOOK,
            MORNING_DIGEST,
            RUN_EVERY,
            BUFFER_TIME,
            ELASTALERT_CONFIG,
            WRITEBACK_INDEX,
            WRITE_STATE,
            TIME_ZONE,
            ALERT_TIME_LIMIT,
            KEEP_SENT,
            KEEP_MATCHES,
            WAREHOUSE_TIMEOUT,
            WAREHOUSE_QUERIES,
            CATCH_UP_LIMIT,
            FAILURE_NOTICE,
            RUNS_AT_ONCE,
            MAX_DOCUMENTS,
            MAX_REMEMBERED,
            REJECTED_SHARE);

    /** Default options of rules: those of ElastAlert's configuration take precedence over these settings. */
    Options defaults(ElastAlertConfig config) {
        return config.defaults(settings.get(ELASTALERT_CONFIG))
                .withDefaults(new Options(defaults(), Map.of()), null, null);
    }

    private Map<String, Object> defaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("run_every", Map.of("milliseconds", settings.get(RUN_EVERY).toMillis()));
        defaults.put(
                "buffer_time", Map.of("milliseconds", settings.get(BUFFER_TIME).toMillis()));
        defaults.put(
                "alert_time_limit",
                Map.of("milliseconds", settings.get(ALERT_TIME_LIMIT).toMillis()));
        String webhook = slackWebhook();
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
        String file = settings.get(ELASTALERT_CONFIG);
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
            String index = settings.get(WRITEBACK_INDEX).isBlank()
                    ? config.writebackIndex().orElse("")
                    : settings.get(WRITEBACK_INDEX);
            boolean written = settings.get(WRITE_STATE);
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
                            config.time("old_query_limit", settings.get(CATCH_UP_LIMIT)),
                            alertTimeLimit(config)));
        } catch (RuleException e) {
            throw new IllegalArgumentException(settings.get(ELASTALERT_CONFIG) + ": " + e.getMessage(), e);
        }
    }

    /** How long an undelivered message is retried. */
    Duration alertTimeLimit(ElastAlertConfig config) {
        try {
            Duration limit = config.time("alert_time_limit", Duration.ZERO);
            return limit.isZero() ? settings.get(ALERT_TIME_LIMIT) : limit;
        } catch (RuleException e) {
            throw new IllegalArgumentException(settings.get(ELASTALERT_CONFIG) + ": " + e.getMessage(), e);
        }
    }

    /** The webhook of rules that name none; empty when there is none. */
    String slackWebhook() {
        return settings.get(SLACK_WEBHOOK);
    }

    /** The webhook of messages about alerts that are not delivered; empty when there is none of its own. */
    String fallbackWebhook() {
        return settings.get(FALLBACK_WEBHOOK);
    }

    /** The time zone of times in messages. */
    ZoneId zone() {
        return settings.get(TIME_ZONE);
    }

    /** How long messages stay in the outbox. */
    Duration keepSent() {
        return settings.get(KEEP_SENT);
    }

    /** How long a rule may fail before a message says so. */
    Duration failureNotice() {
        return settings.get(FAILURE_NOTICE);
    }

    /** Limits of one run of a rule. */
    RuleRun.Bounds bounds() {
        return new RuleRun.Bounds(
                settings.get(MAX_DOCUMENTS), 100, settings.get(MAX_REMEMBERED), settings.get(CATCH_UP_LIMIT));
    }

    /** Limits of the engine. */
    Engine.Limits limits() {
        return new Engine.Limits(
                bounds(), settings.get(RUNS_AT_ONCE), settings.get(KEEP_MATCHES), settings.get(REJECTED_SHARE));
    }

    /** The search of rules over the warehouse. */
    WarehouseSearch tables(Warehouse warehouse) {
        return new WarehouseSearch(
                warehouse.dataSource(), settings.get(WAREHOUSE_TIMEOUT), settings.get(WAREHOUSE_QUERIES));
    }
}
