package serai.watch.type;

import java.util.List;

/** The value of a window that is compared with another window's. */
enum Measure {
    SUM,
    MEAN,
    MIN,
    MAX;

    /** Null when no entry has a value, except for the sum, which then is 0. */
    Number of(List<WindowEntry> entries) {
        WindowEntry all = WindowEntry.merged(entries);
        if (this == SUM || all.values() == 0) {
            return this == SUM ? all.sum() : null;
        }
        return switch (this) {
            case MEAN -> all.sum().doubleValue() / all.values();
            case MIN -> all.min();
            default -> all.max();
        };
    }
}
