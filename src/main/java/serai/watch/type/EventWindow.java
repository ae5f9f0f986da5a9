package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries in the order of time that span less than a timeframe. It holds a thousand at most, or as many as it is told:
 * above that, neighbours become one entry at the time of the later, so that what leaves the window may be off by a few
 * thousandths of it.
 */
final class EventWindow {

    /** Whose fields are kept; of some, those of the last in each thirtieth of the window when there are many. */
    enum Keep {
        ALL,
        SOME,
        NEWEST,
        NONE
    }

    static final int MOST = 1_000;
    private static final int MOST_FIELDED = 64;

    private final long span;
    private final Keep keep;
    private final ArrayList<WindowEntry> entries = new ArrayList<>();
    private int most = MOST;
    private long whole;
    private int fractions;
    private boolean fractional;
    private int fielded;

    EventWindow(Duration timeframe, Keep keep) {
        this.span = micros(Instant.EPOCH.plus(timeframe));
        this.keep = keep;
    }

    static EventWindow of(Duration timeframe, Keep keep, JsonNode state) {
        EventWindow window = new EventWindow(timeframe, keep);
        for (WindowEntry entry : WindowJson.read(state)) {
            window.entries.add(entry);
            window.count(entry, 1);
            window.fielded += entry.fields() == null ? 0 : 1;
        }
        window.fractional |= state.path("x").asBoolean();
        return window;
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** The most entries from now on; the fewer, the coarser the times of those that leave. */
    EventWindow limit(int entries) {
        most = entries;
        return this;
    }

    /**
     * Inserts at the entry's time, after its equals, and hands out what is a whole timeframe older than the newest,
     * oldest first.
     */
    List<WindowEntry> add(WindowEntry entry) {
        insert(entry);
        int evicted = 0;
        while (newest() - entries.get(evicted).micros() >= span && evicted < entries.size() - 1) {
            fielded -= entries.get(evicted).fields() == null ? 0 : 1;
            count(entries.get(evicted++), -1);
        }
        List<WindowEntry> oldest = evicted == 0 ? List.of() : List.copyOf(entries.subList(0, evicted));
        entries.subList(0, evicted).clear();
        if (entries.size() > most) {
            coarsen();
        }
        if (keep == Keep.SOME && fielded > MOST_FIELDED) {
            thin();
        }
        return oldest;
    }

    private void insert(WindowEntry entry) {
        int at = entries.size();
        while (at > 0 && entries.get(at - 1).micros() > entry.micros()) {
            at--;
        }
        boolean newest = at == entries.size();
        if (keep == Keep.NEWEST && newest && at > 0) {
            // an entry that counts nothing is of use only while it is the newest
            if (last().sum().doubleValue() == 0) {
                count(entries.remove(--at), -1);
            } else {
                entries.set(at - 1, last().bare());
            }
        }
        boolean kept = keep == Keep.ALL || keep == Keep.SOME || keep == Keep.NEWEST && newest;
        entries.add(at, kept ? entry : entry.bare());
        fielded += kept && entry.fields() != null ? 1 : 0;
        count(entry, 1);
    }

    /** From the newest on: whatever leaves the window last of its part of it has its fields still. */
    private void thin() {
        long part = Math.max(1, span / (MOST_FIELDED / 2));
        long taken = Long.MAX_VALUE;
        fielded = 0;
        for (int i = entries.size() - 1; i >= 0; i--) {
            WindowEntry entry = entries.get(i);
            if (entry.fields() != null && Math.floorDiv(entry.micros(), part) == taken) {
                entries.set(i, entry.bare());
            } else if (entry.fields() != null) {
                taken = Math.floorDiv(entry.micros(), part);
                fielded++;
            }
        }
    }

    private void coarsen() {
        long slot = Math.max(1, span / Math.max(1, most / 2));
        List<WindowEntry> merged = new ArrayList<>();
        for (WindowEntry entry : entries) {
            WindowEntry before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (before != null && Math.floorDiv(before.micros(), slot) == Math.floorDiv(entry.micros(), slot)) {
                merged.set(merged.size() - 1, entry.after(before));
            } else {
                merged.add(entry);
            }
        }
        entries.clear();
        entries.addAll(merged);
        fielded = (int) entries.stream().filter(entry -> entry.fields() != null).count();
        // the sum is the same; fractions may be fewer entries now
        fractions = (int)
                entries.stream().filter(entry -> entry.sum() instanceof Double).count();
        whole = entries.stream()
                .filter(entry -> entry.sum() instanceof Long)
                .mapToLong(entry -> (Long) entry.sum())
                .sum();
    }

    private void count(WindowEntry entry, int sign) {
        if (entry.sum() instanceof Long sum) {
            whole += sign * sum;
        } else {
            fractions += sign;
            fractional = true;
        }
    }

    void clear() {
        entries.clear();
        whole = 0;
        fractions = 0;
        fractional = false;
        fielded = 0;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    List<WindowEntry> entries() {
        return entries;
    }

    /** The entries after a time, up to another. */
    List<WindowEntry> between(long begin, long end) {
        return entries.subList(upTo(begin), Math.max(upTo(begin), upTo(end)));
    }

    /** How many entries are not later. */
    private int upTo(long micros) {
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

    long newest() {
        return last().micros();
    }

    /**
     * The sum of what the entries count: a {@link Long} as long as there was no fraction, as texts have shown it ever.
     */
    Number count() {
        return !fractional
                ? (Number) whole
                : fractions == 0 ? (double) whole : WindowStats.of(entries).sum();
    }

    ObjectNode state() {
        ObjectNode state = WindowJson.write(entries);
        return fractional && fractions == 0 ? state.put("x", true) : state;
    }
}
