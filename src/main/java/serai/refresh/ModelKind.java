package serai.refresh;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a node is materialized: {@code docs/reference/sql-convention.md, "Kinds"}. */
enum ModelKind {
    VIEW,
    TABLE,
    RECALC,
    ONCE,
    /** A CSV file that becomes a table; no header names this kind. */
    SEED;

    /** Whether it is written day by day. */
    boolean isIncremental() {
        return this == RECALC || this == ONCE;
    }

    /** The kind as headers and {@code meta.model_state} write it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind that a header names; empty when there is none of this name. */
    static Optional<ModelKind> ofHeader(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind != SEED && kind.text().equals(text))
                .findFirst();
    }

    /** The kinds that a header may name, for a refusal. */
    static String headerTexts() {
        return Arrays.stream(values())
                .filter(kind -> kind != SEED)
                .map(ModelKind::text)
                .collect(Collectors.joining(", "));
    }
}
