package serai.status;

import java.time.Duration;
import java.util.List;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;

/**
 * When something counts as late, and what is shown.
 *
 * @param grace how long after its cron fired a source may take ({@code show.grace})
 * @param modelsWithin how long changed days may wait for a refresh ({@code show.models-within})
 * @param rulesGrace how late a rule may run, or an interval of its own where that is longer ({@code show.rules-grace})
 * @param removedSources how long a source is shown after its last run when no route reads it any more
 *     ({@code show.removed-sources})
 */
public record StatusSettings(Duration grace, Duration modelsWithin, Duration rulesGrace, Duration removedSources) {

    private static final Setting<Duration> GRACE = Setting.of(
            "show.grace",
            SettingType.duration(Duration.ZERO, Duration.ofDays(365)),
            "10m",
            "How long after its cron time a source may take before it is late.");
    private static final Setting<Duration> MODELS_WITHIN = Setting.of(
            "show.models-within",
            SettingType.duration(Duration.ZERO, Duration.ofDays(365)),
            "1h",
            "How long changed days may wait for a refresh before their model is late.");
    private static final Setting<Duration> RULES_GRACE = Setting.of(
            "show.rules-grace",
            SettingType.duration(Duration.ZERO, Duration.ofDays(365)),
            "1m",
            "How late an alert rule may run. A rule with a longer interval may be late by one interval.");

    private static final Setting<Duration> REMOVED_SOURCES = Setting.of(
            "show.removed-sources",
            SettingType.duration(Duration.ZERO, Duration.ofDays(3650)),
            "7d",
            "How long a source is shown after its last run when no route reads it any more.");

    /** The settings {@code show.*}. */
    public static final List<Setting<?>> ALL = List.of(GRACE, MODELS_WITHIN, RULES_GRACE, REMOVED_SOURCES);

    /** Reads them. */
    public static StatusSettings of(Settings settings) {
        return new StatusSettings(
                settings.get(GRACE),
                settings.get(MODELS_WITHIN),
                settings.get(RULES_GRACE),
                settings.get(REMOVED_SOURCES));
    }
}
