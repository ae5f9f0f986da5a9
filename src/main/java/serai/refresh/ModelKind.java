package serai.refresh;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a model is brought up to date (spec/sql-convention.md 3.4, "Kinds"). A seed is a CSV file that becomes a table.
 */
enum ModelKind {
    VIEW,
    TABLE,
    RECALC,
    ONCE,
    SEED;

    /** Whether it is written day by day. */
    boolean byDay() {
        return this == RECALC || this == ONCE;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<ModelKind> ofHeader(String word) {
        return Arrays.stream(values())
                .filter(k -> k != SEED && k.word().equals(word))
                .findFirst();
    }

    static String headerWords() {
        return Arrays.stream(values())
                .filter(k -> k != SEED)
                .map(ModelKind::word)
                .collect(Collectors.joining(", "));
    }
}
