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
    UPSERT,
    SCD2,
    /** Statements that fill tables of their own. */
    SCRIPT,
    /** A CSV file that becomes a table; no header names this kind. */
    SEED;

    /** Whether its SELECT is asked for the units of a window. */
    boolean isIncremental() {
        return this == RECALC || this == ONCE || this == UPSERT;
    }

    /** Whether what changes in its inputs is marked for it. */
    boolean isMarked() {
        return this == RECALC || this == UPSERT || this == SCD2;
    }

    /** Whether it has rows that an edit of its file does not calculate again. */
    boolean hasHistory() {
        return isIncremental() || this == SCD2;
    }

    /** The kind in a sentence. */
    String withArticle() {
        return (this == UPSERT || this == SCD2 ? "an " : "a ") + text();
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
