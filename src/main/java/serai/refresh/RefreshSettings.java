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
 * @param maxUnits most units that a model recalculates in one pass; the rest is left for the next
 * @param lockTimeout how long to wait for the readers of a table that is to be replaced
 * @param maxTime after what time a refresh starts no further run, even if days are left
 * @param sealWait how long after its end a unit of a once may be sealed
 * @param parallel most models that are refreshed at the same time
 * @param readers the roles that may read the models without {@code @grant}
 */
record RefreshSettings(
        int maxUnits, Duration lockTimeout, Duration maxTime, Duration sealWait, int parallel, List<String> readers) {

    /** PostgreSQL counts its time limits in milliseconds, in an int. */
    private static final Duration LONGEST = Duration.ofDays(24);

    private static final Setting<String> CRON =
            Setting.of("refresh.cron", SettingType.cron(), "0 0/10 * * * ?", "When the models are refreshed.");
    private static final Setting<Integer> MAX_UNITS = Setting.of(
            "refresh.units-per-transaction",
            SettingType.count(100_000),
            "31",
            "Most changed units (hours, days, weeks or months) that a model calculates at once. Further passes follow"
                    + " until refresh.run-at-most is over.");
    private static final Setting<Duration> MAX_TIME = Setting.of(
            "refresh.run-at-most",
            SettingType.duration(Duration.ofMillis(1), LONGEST),
            "10m",
            "How long one refresh starts new passes. It is also the longest time of one query of a model.");
    private static final Setting<Duration> LOCK_TIMEOUT = Setting.of(
            "refresh.lock-timeout",
            SettingType.duration(Duration.ofMillis(1), LONGEST),
            "2s",
            "How long a model waits for a lock that someone else has on its table or view. It is then written at the"
                    + " next refresh.");

    private static final Setting<Duration> SEAL_WAIT = Setting.of(
            "refresh.seal-wait",
            SettingType.duration(Duration.ofMinutes(1), Duration.ofDays(366)),
            "24h",
            "How long after its end a unit of a once without @fill may still be written. Later it is a gap.");

    private static final Setting<Integer> PARALLEL = Setting.of(
            "refresh.parallel",
            SettingType.count(100),
            "2",
            "Most models that are refreshed at the same time, of those that do not wait for each other. Each holds a"
                    + " connection; two of warehouse.pool-size are left free.");

    private static final Setting<String> READERS = Setting.of(
            "refresh.readers",
            SettingType.text(),
            "",
            "Roles of the warehouse that may read all models without @grant, separated by commas.");

    static final List<Setting<?>> ALL = List.of(CRON, MAX_UNITS, MAX_TIME, LOCK_TIMEOUT, SEAL_WAIT, PARALLEL, READERS);

    static RefreshSettings of(Settings settings) {
        return new RefreshSettings(
                settings.get(MAX_UNITS),
                settings.get(LOCK_TIMEOUT),
                settings.get(MAX_TIME),
                settings.get(SEAL_WAIT),
                settings.get(PARALLEL),
                names(settings.get(READERS)));
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
