package serai.watch.type;

import java.util.List;

/** What of a window's entries is compared with another's. */
enum Measure {
    SUM,
    MEAN,
    LEAST,
    MOST;

    /** Null when the entries hold no value, but for the sum. */
    Number of(EventWindow window) {
        return this == SUM ? window.count() : of(window.entries());
    }

    Number of(List<WindowEntry> entries) {
        WindowStats figures = WindowStats.of(entries);
        return switch (this) {
            case SUM -> figures.sum();
            case MEAN -> figures.mean();
            case LEAST -> figures.least();
            case MOST -> figures.most();
        };
    }
}
