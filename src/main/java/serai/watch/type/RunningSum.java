package serai.watch.type;

import java.util.List;

/** The sum of the entries of a window, updated as entries come and go instead of computed for each event. */
final class RunningSum {

    private long whole;
    private int fractions;
    private boolean fractional;

    void add(WindowEntry entry) {
        if (entry.sum() instanceof Long sum) {
            whole += sum;
        } else {
            fractions++;
            fractional = true;
        }
    }

    void remove(WindowEntry entry) {
        if (entry.sum() instanceof Long sum) {
            whole -= sum;
        } else {
            fractions--;
        }
    }

    /** Replaces the entries by others with the same sum. */
    void replace(List<WindowEntry> entries) {
        whole = 0;
        fractions = 0;
        entries.forEach(this::add);
    }

    /** Whether the sum is a float only because of fractions that were removed. */
    boolean isFloatByPast() {
        return fractional && fractions == 0;
    }

    void setFloat() {
        fractional = true;
    }

    /**
     * The sum of the entries that were added and not removed: a {@link Long} until there is a fraction, as in Python.
     * Fractions are added up each time, since a running sum would keep rounding errors of removed ones.
     */
    Number of(List<WindowEntry> entries) {
        return !fractional ? (Number) whole : fractions == 0 ? (double) whole : Measure.SUM.of(entries);
    }
}
