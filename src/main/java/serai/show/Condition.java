package serai.show;

import java.util.Locale;

/**
 * How a source, model or rule stands: the word that the page shows, and a symbol so that colour is never the only sign.
 * In order of severity, mildest first, so that {@link #worse} is the worst-of rule of the page (spec/monitoring.md
 * 6.1).
 */
enum Condition {
    /** As it should be. */
    OK("✓"),
    /** Switched off by an operator; what the warehouse holds is not brought up to date. */
    PAUSED("Ⅱ"),
    /** It has not run yet and is not due. */
    UNKNOWN("?"),
    /** The numbers are right, but somebody should look. */
    WARN("!"),
    /** New data came and was not trusted: the old rows stay. */
    HELD("■"),
    /** It should have been done by now. */
    LATE("◷"),
    /** The last attempt failed: the old rows stay. */
    FAILED("✗");

    private final String symbol;

    Condition(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }

    Condition worse(Condition other) {
        return other.ordinal() > ordinal() ? other : this;
    }

    /**
     * The condition that a word of {@code meta.model_state.status} or {@code meta.rules.status} stands for. A word that
     * is none of ours means that its room wants it to be seen: {@link #WARN}.
     */
    static Condition of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "ok", "unchanged", "running" -> OK;
            case "unknown", "new" -> UNKNOWN;
            case "paused", "disabled" -> PAUSED;
            case "held" -> HELD;
            case "late", "blocked", "waiting", "skipped" -> LATE;
            case "failed", "error", "refused" -> FAILED;
            default -> WARN;
        };
    }

    /** Whether today's numbers may be read without a second thought. */
    boolean trusted() {
        return this == OK || this == WARN;
    }
}
