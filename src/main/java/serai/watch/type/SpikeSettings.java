package serai.watch.type;

import java.time.Duration;
import serai.watch.rule.Rule;

/** What a rule says about spikes (spec/elastalert.md 1.6, spike). */
record SpikeSettings(
        Duration timeframe,
        Duration offset,
        double height,
        boolean up,
        boolean down,
        boolean alertsOnNewData,
        double leastCurrent,
        double leastReference) {

    /** Entries that a history has for each timeframe in it. */
    private static final int HISTORY_STEPS = 24;

    private static final int FEWEST = 40;

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

    /**
     * The time that the reference window's entries are kept: as long as a window, or all the way back to the reference.
     */
    Duration reach() {
        return offset == null ? timeframe : offset.plus(timeframe);
    }

    /** How many entries a key's reference has at most, when each key may have so many. */
    int referenceEntries(int share) {
        int wanted = offset == null ? EventWindow.MOST : (int) Math.min(20_000, HISTORY_STEPS * 2 * windows());
        return Math.max(FEWEST, Math.min(share, wanted));
    }

    int currentEntries(int share) {
        return Math.max(FEWEST, Math.min(share, EventWindow.MOST));
    }

    /** A history must stay fine enough to tell one timeframe from the next. */
    int mostKeys(int entries) {
        return offset == null ? KeyMap.MOST : (int) Math.max(1, Math.min(KeyMap.MOST, entries / (8 * windows())));
    }

    private long windows() {
        return reach().dividedBy(timeframe) + 1;
    }
}
