package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Entries in the order of time that span less than a timeframe. There are a thousand at most, or another limit: beyond
 * it neighbors are merged into one entry at the time of the later one, so that entries may leave the window too late by
 * a few thousandths of the timeframe.
 */
final class EventWindow {

    /** The entries whose fields are kept, for a match that is made of them. */
    enum Keep {
        ALL,
        /** When there are many, one in each thirtieth of the timeframe. */
        SOME,
        NEWEST,
        NONE
    }

    static final int MOST = 1_000;
    private static final int MOST_WITH_FIELDS = 64;

    private final long span;
    private final Keep keep;
    private final List<WindowEntry> entries = new ArrayList<>();
    private int most = MOST;
    private RunningSum sum = new RunningSum();
    private int withFields;

    EventWindow(Duration timeframe, Keep keep) {
        this.span = Micros.of(timeframe);
        this.keep = keep;
    }

    /** @param state as {@link #state} returned it */
    static EventWindow of(Duration timeframe, Keep keep, JsonNode state) {
        EventWindow window = new EventWindow(timeframe, keep);
        window.entries.addAll(WindowJson.read(state));
        window.entries.forEach(window.sum::add);
        window.withFields = window.countFields();
        if (state.path("x").asBoolean()) {
            window.sum.setFloat();
        }
        return window;
    }

    /** Sets the most entries; with fewer, the times at which entries leave are less exact. */
    EventWindow limit(int entries) {
        most = entries;
        return this;
    }

    /**
     * Inserts an entry at its time, after entries of the same time.
     *
     * @return the entries that left, since they are a whole timeframe older than the newest; oldest first
     */
    List<WindowEntry> add(WindowEntry entry) {
        insert(entry);
        int count = 0;
        while (newest() - entries.get(count).micros() >= span && count < entries.size() - 1) {
            withFields -= entries.get(count).fields() == null ? 0 : 1;
            sum.remove(entries.get(count++));
        }
        List<WindowEntry> left = count == 0 ? List.of() : List.copyOf(entries.subList(0, count));
        entries.subList(0, count).clear();
        if (entries.size() > most) {
            merge();
        }
        if (keep == Keep.SOME && withFields > MOST_WITH_FIELDS) {
            dropFields();
        }
        return left;
    }

    private void insert(WindowEntry entry) {
        int at = entries.size();
        while (at > 0 && entries.get(at - 1).micros() > entry.micros()) {
            at--;
        }
        boolean newest = at == entries.size();
        if (keep == Keep.NEWEST && newest && at > 0) {
            // an entry of zero is only needed while it is the newest
            if (last().sum().doubleValue() == 0) {
                sum.remove(entries.remove(--at));
            } else {
                entries.set(at - 1, last().withoutFields());
            }
        }
        boolean kept = keep == Keep.ALL || keep == Keep.SOME || keep == Keep.NEWEST && newest;
        entries.add(at, kept ? entry : entry.withoutFields());
        withFields += kept && entry.fields() != null ? 1 : 0;
        sum.add(entry);
    }

    /**
     * Keeps the fields of the latest entry in each part of the timeframe, which leaves the window as the last of it.
     */
    private void dropFields() {
        long part = Math.max(1, span / (MOST_WITH_FIELDS / 2));
        long kept = Long.MAX_VALUE;
        for (int i = entries.size() - 1; i >= 0; i--) {
            WindowEntry entry = entries.get(i);
            if (entry.fields() != null && Math.floorDiv(entry.micros(), part) == kept) {
                entries.set(i, entry.withoutFields());
            } else if (entry.fields() != null) {
                kept = Math.floorDiv(entry.micros(), part);
            }
        }
        withFields = countFields();
    }

    private void merge() {
        long part = Math.max(1, span / Math.max(1, most / 2));
        List<WindowEntry> merged = new ArrayList<>();
        for (WindowEntry entry : entries) {
            WindowEntry before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before != null && Math.floorDiv(before.micros(), part) == Math.floorDiv(entry.micros(), part)) {
                merged.set(merged.size() - 1, entry.mergedWith(before));
            } else {
                merged.add(entry);
            }
        }
        entries.clear();
        entries.addAll(merged);
        sum.replace(entries);
        withFields = countFields();
    }

    private int countFields() {
        return (int) entries.stream()
                .map(WindowEntry::fields)
                .filter(Objects::nonNull)
                .count();
    }

    void clear() {
        entries.clear();
        sum = new RunningSum();
        withFields = 0;
    }

    List<WindowEntry> entries() {
        return entries;
    }

    /** The entries after one time and up to another. */
    List<WindowEntry> between(long begin, long end) {
        return entries.subList(countUpTo(begin), Math.max(countUpTo(begin), countUpTo(end)));
    }

    /** The number of entries that are not later; by binary search. */
    private int countUpTo(long micros) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).micros() <= micros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    WindowEntry last() {
        return entries.get(entries.size() - 1);
    }

    /** The time of the last entry, in microseconds since 1970. */
    long newest() {
        return last().micros();
    }

    /** The sum of the entries; a {@link Long} until there was a fraction. */
    Number sum() {
        return sum.of(entries);
    }

    /** A measure of the entries; null when they have no value, except for the sum. */
    Number measure(Measure measure) {
        return measure == Measure.SUM ? sum() : measure.of(entries);
    }

    ObjectNode state() {
        ObjectNode state = WindowJson.write(entries);
        return sum.isFloatByPast() ? state.put("x", true) : state;
    }
}
