package serai.watch.type;

import java.time.Duration;
import java.util.Set;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * The options of {@code spike} and {@code spike_aggregation}.
 *
 * @param timeframe the length of both windows
 * @param offset how long before the current window the reference window ends ({@code reference_offset}); null when it
 *     ends where the current one begins
 * @param height {@code spike_height}
 * @param up whether a rise is a spike
 * @param down whether a fall is a spike
 * @param alertsOnNewData {@code alert_on_new_data}; false without a query key
 * @param minCurrent {@code threshold_cur}
 * @param minReference {@code threshold_ref}
 */
record SpikeSettings(
        Duration timeframe,
        Duration offset,
        double height,
        boolean up,
        boolean down,
        boolean alertsOnNewData,
        double minCurrent,
        double minReference) {

    /** Entries of a reference window for each timeframe that it reaches back. */
    private static final int ENTRIES_PER_TIMEFRAME = 24;

    private static final int FEWEST_ENTRIES = 40;
    private static final int MOST_TIMEFRAMES = 1_000;

    SpikeSettings(Rule rule) {
        this(TypeOptions.of(rule), rule);
    }

    private SpikeSettings(TypeOptions options, Rule rule) {
        this(
                rule.timeframe(),
                options.time("reference_offset", null),
                options.number("spike_height", 1).doubleValue(),
                !"down".equals(rule.option("spike_type")),
                !"up".equals(rule.option("spike_type")),
                rule.queryKey() != null && rule.flag("alert_on_new_data", false),
                options.number("threshold_cur", 0).doubleValue(),
                options.number("threshold_ref", 0).doubleValue());
    }

    static void check(TypeOptions options) throws RuleException {
        options.requiredOneOf("spike_type", Set.of("up", "down", "both"));
        options.requiredTime("timeframe");
        options.time("reference_offset");
        options.flags("alert_on_new_data");
        options.number("spike_height");
        if (!options.has("spike_height")) {
            throw options.missing("spike_height", "is required: how many times higher or lower, such as 3");
        }
        SpikeSettings settings = new SpikeSettings(options.rule());
        if (settings.height <= 0) {
            throw options.refused("spike_height", "must be above 0");
        }
        if (settings.offset != null
                && (settings.offset.compareTo(settings.timeframe) < 0
                        || settings.offset.dividedBy(settings.timeframe) > MOST_TIMEFRAMES)) {
            throw options.refused(
                    "reference_offset", "must be 1 to " + MOST_TIMEFRAMES + " times as long as timeframe");
        }
    }

    /** How long entries stay in the reference window: a timeframe, or all the way back to the reference. */
    Duration reach() {
        return offset == null ? timeframe : offset.plus(timeframe);
    }

    /** The most entries of a reference window, when each window may have so many. */
    int referenceEntries(int most) {
        int wanted =
                offset == null ? EventWindow.MOST : (int) Math.min(20_000, ENTRIES_PER_TIMEFRAME * 2 * timeframes());
        return Math.max(FEWEST_ENTRIES, Math.min(most, wanted));
    }

    /** The most entries of a current window. */
    int currentEntries(int most) {
        return Math.max(FEWEST_ENTRIES, Math.min(most, EventWindow.MOST));
    }

    /** The most keys of a rule with so many entries: a reference must stay fine enough to separate timeframes. */
    int mostKeys(int entries) {
        return offset == null ? KeyMap.MOST : (int) Math.max(1, Math.min(KeyMap.MOST, entries / (8 * timeframes())));
    }

    private long timeframes() {
        return reach().dividedBy(timeframe) + 1;
    }
}
