package serai.refresh;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a command wants to be refreshed, as the target of its request: {@code all models}, {@code failed models},
 * {@code changed models}, {@code all seeds}, {@code fact_logins}, {@code fact_logins+}; a model alone may be followed
 * by {@code from 2026-03-01 to 2026-03-05} and {@code resealed}, and each by {@code at 2026-03-31T10:00:00Z}.
 *
 * @param scope which models
 * @param model the model of the scopes MODEL and DOWNSTREAM, else null
 * @param days of the model that are calculated although their input did not change, or null
 * @param now the clock of the run; null for the present time
 */
record RefreshTarget(Scope scope, String model, Days days, Instant now) {

    /** Which models. */
    enum Scope {
        ALL,
        /** Those that failed, were held, or wait for such a one. */
        FAILED,
        /** Those whose rows were calculated with another definition, or never, and all that read them. */
        CHANGED,
        SEEDS,
        MODEL,
        /** A model and all that read it, directly or through others. */
        DOWNSTREAM
    }

    /**
     * Days, both included.
     *
     * @param reseal whether a once writes those again that are sealed
     */
    record Days(LocalDate first, LocalDate last, boolean reseal) {

        private String text() {
            return " from " + first + " to " + last + (reseal ? " resealed" : "");
        }
    }

    private static final String ALL_TEXT = "all models";
    private static final String FAILED_TEXT = "failed models";
    private static final String CHANGED_TEXT = "changed models";
    private static final String SEEDS_TEXT = "all seeds";
    private static final Pattern TEXT =
            Pattern.compile("(?:(all models|failed models|changed models|all seeds)|([a-z][a-z0-9_]*)(\\+)?)"
                    + "(?: from (\\S+) to (\\S+)( resealed)?)?(?: at (\\S+))?");

    static RefreshTarget all(Instant now) {
        return new RefreshTarget(Scope.ALL, null, null, now);
    }

    static RefreshTarget failed(Instant now) {
        return new RefreshTarget(Scope.FAILED, null, null, now);
    }

    static RefreshTarget changed(Instant now) {
        return new RefreshTarget(Scope.CHANGED, null, null, now);
    }

    static RefreshTarget seeds(Instant now) {
        return new RefreshTarget(Scope.SEEDS, null, null, now);
    }

    /**
     * Reads a target.
     *
     * @return empty when the text is none
     */
    static Optional<RefreshTarget> parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        try {
            Instant now = m.group(7) == null ? null : Instant.parse(m.group(7));
            Days days = m.group(4) == null
                    ? null
                    : new Days(LocalDate.parse(m.group(4)), LocalDate.parse(m.group(5)), m.group(6) != null);
            if (days != null && m.group(2) == null) {
                return Optional.empty();
            }
            if (m.group(1) != null) {
                return Optional.of(
                        switch (m.group(1)) {
                            case ALL_TEXT -> all(now);
                            case FAILED_TEXT -> failed(now);
                            case CHANGED_TEXT -> changed(now);
                            default -> seeds(now);
                        });
            }
            Scope scope = m.group(3) == null ? Scope.MODEL : Scope.DOWNSTREAM;
            return Optional.of(new RefreshTarget(scope, m.group(2), days, now));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The text that {@link #parse} reads. */
    String text() {
        String what = switch (scope) {
            case ALL -> ALL_TEXT;
            case FAILED -> FAILED_TEXT;
            case CHANGED -> CHANGED_TEXT;
            case SEEDS -> SEEDS_TEXT;
            case MODEL -> model;
            case DOWNSTREAM -> model + "+";
        };
        return what + (days == null ? "" : days.text()) + (now == null ? "" : " at " + now);
    }

    /**
     * The nodes of a graph that it means.
     *
     * @param stale by {@link ModelState#stale}
     * @throws IllegalArgumentException when there is no such model
     */
    Set<String> nodes(ModelGraph graph, Set<String> stale) {
        if (model != null && graph.get(model) == null) {
            throw new IllegalArgumentException(
                    "There is no model " + model + ", or its file is refused, or waits for tables of app.");
        }
        if (days != null) {
            requireDays(graph.get(model));
        }
        Set<String> nodes = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            boolean meant = switch (scope) {
                case ALL -> true;
                case FAILED -> stale.contains(node.name());
                case CHANGED ->
                    stale.contains(node.name()) || graph.upstream(node).stream().anyMatch(stale::contains);
                case SEEDS -> node instanceof Seed;
                case MODEL -> node.name().equals(model);
                case DOWNSTREAM ->
                    node.name().equals(model) || graph.upstream(node).contains(model);
            };
            if (meant) {
                nodes.add(node.name());
            }
        }
        return nodes;
    }

    private void requireDays(Node node) {
        if (!node.kind().isIncremental()) {
            throw new IllegalArgumentException(model + " is " + node.kind().withArticle()
                    + ", which is not calculated by days: leave --from and --to out.");
        }
        if (days.reseal() && node.kind() != ModelKind.ONCE) {
            throw new IllegalArgumentException(
                    model + " is " + node.kind().withArticle() + ", which has no seals: leave --reseal out.");
        }
    }
}
