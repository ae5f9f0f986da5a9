package serai.refresh;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;

/**
 * The settings {@code refresh.*}.
 *
 * @param maxDays most days that a model recalculates in one run; the rest is left for the next
 * @param lockTimeout how long to wait for the readers of a table that is to be replaced
 * @param maxTime after what time a refresh starts no further run, even if days are left
 * @param readers the roles that may read the models without {@code @grant}
 */
record RefreshSettings(int maxDays, Duration lockTimeout, Duration maxTime, List<String> readers) {

    /** PostgreSQL counts its time limits in milliseconds, in an int. */
    private static final Duration LONGEST = Duration.ofDays(24);

    private static final Setting<String> CRON =
            Setting.of("refresh.cron", SettingType.cron(), "0 0/10 * * * ?", "When the models are refreshed.");
    private static final Setting<Integer> MAX_DAYS = Setting.of(
            "refresh.max-days",
            SettingType.count(100_000),
            "40",
            "Most changed days that a model calculates in one pass. Further passes follow until refresh.max-time is"
                    + " over.");
    private static final Setting<Duration> MAX_TIME = Setting.of(
            "refresh.max-time",
            SettingType.duration(Duration.ofMillis(1), LONGEST),
            "10m",
            "How long one refresh starts new passes. It is also the longest time of one query of a model.");
    private static final Setting<Duration> LOCK_TIMEOUT = Setting.of(
            "refresh.lock-timeout",
            SettingType.duration(Duration.ofMillis(1), LONGEST),
            "2s",
            "How long a model waits for a lock that someone else has on its table or view. It is then written at the"
                    + " next refresh.");

    private static final Setting<String> READERS = Setting.of(
            "refresh.readers",
            SettingType.text(),
            "",
            "Roles of the warehouse that may read all models without @grant, separated by commas.");

    static final List<Setting<?>> ALL = List.of(CRON, MAX_DAYS, MAX_TIME, LOCK_TIMEOUT, READERS);

    static RefreshSettings of(Settings settings) {
        return new RefreshSettings(
                settings.get(MAX_DAYS),
                settings.get(LOCK_TIMEOUT),
                settings.get(MAX_TIME),
                names(settings.get(READERS)));
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
