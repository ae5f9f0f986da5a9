package serai.status;

import java.util.Locale;

/**
 * The state of a source, model, rule or route: the word that the page shows, and a symbol, so that colour is never the
 * only sign. The order is that of severity, mildest first; the page's own condition is the worst of all.
 */
public enum Condition {
    /** Up to date. */
    OK("✓"),
    /** Switched off by an operator; its rows are not updated. */
    PAUSED("Ⅱ"),
    /** It has not run yet and is not due. */
    UNKNOWN("?"),
    /** The numbers are right, but something needs attention. */
    WARN("!"),
    /** New data was not trusted: the old rows stay. */
    HELD("■"),
    /** Overdue. */
    LATE("◷"),
    /** The last attempt failed: the old rows stay. */
    FAILED("✗");

    private final String symbol;

    Condition(String symbol) {
        this.symbol = symbol;
    }

    /** A sign that stands for the condition without colour. */
    public String symbol() {
        return symbol;
    }

    /** The worse of the two. */
    public Condition worse(Condition other) {
        return other.ordinal() > ordinal() ? other : this;
    }

    /**
     * The condition for a value of {@code meta.model_state.status} or {@code meta.rules.status}. A value that is not
     * known here means {@link #WARN}.
     */
    public static Condition of(String word) {
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

    /** Whether today's numbers can be trusted. */
    public boolean trusted() {
        return this == OK || this == WARN;
    }
}
