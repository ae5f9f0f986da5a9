package serai.show;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page's first line: can I trust today's numbers? */
final class StatusSummary {

    private StatusSummary() {}

    /** One sentence, such as {@code 3 of 4 sources fresh; web_sessions late by 3 h; rule error-burst failed.} */
    static String of(Status status) {
        String more = more(status);
        return headline(status) + (more.isEmpty() ? "" : "; " + more) + ".";
    }

    /** How many of the sources are fresh. */
    static String headline(Status status) {
        return fresh(status.sources());
    }

    /** What is not in order, by name, or that the rest is; empty when there is nothing to say. */
    static String more(Status status) {
        List<String> troubles = troubles(status);
        return troubles.isEmpty() && !status.sources().isEmpty() ? rest(status) : String.join("; ", troubles);
    }

    private static List<String> troubles(Status status) {
        List<String> troubles = new ArrayList<>();
        name(
                troubles,
                status.sources().stream()
                        .filter(s -> s.condition() != Condition.OK)
                        .map(s -> s.name() + " " + words(s, status))
                        .toList());
        if (status.waiting().tooLong()) {
            troubles.add(
                    "no refresh has taken up " + HumanText.of(status.waiting().days(), "changed day") + " since "
                            + HumanText.clock(status.waiting().since(), status.now()) + " UTC");
        }
        name(
                troubles,
                status.models().stream()
                        .filter(m -> m.condition() != Condition.OK)
                        .map(m -> "model " + m.name() + " " + words(m.condition()))
                        .toList());
        List<String> rules = status.rules().stream()
                .filter(r -> r.condition() != Condition.OK && r.condition() != Condition.PAUSED)
                .map(r -> "rule " + r.name() + " " + words(r.condition()))
                .toList();
        if (!rules.isEmpty()) {
            troubles.add(HumanText.some(
                    rules,
                    Math.max(
                            rules.size(),
                            status.ruleCount().all() - status.ruleCount().inOrder())));
        }
        if (status.slack().failedToday() > 0) {
            troubles.add(HumanText.of(status.slack().failedToday(), "alert") + " not delivered in the last 24 h");
        }
        if (!status.edits().isEmpty()) {
            troubles.add(HumanText.of(status.edits().size(), "edited file") + " refused");
        }
        return troubles;
    }

    private static String fresh(List<SourceStatus> sources) {
        long awaited =
                sources.stream().filter(s -> s.condition() != Condition.PAUSED).count();
        long fresh = sources.stream().filter(s -> s.condition().trusted()).count();
        if (sources.isEmpty()) {
            return "Nothing is loaded yet: no route reads a source";
        }
        if (awaited == 0) {
            return "No source is being read";
        }
        return fresh < awaited
                ? fresh + " of " + HumanText.of(awaited, "source") + " fresh"
                : awaited == 1 ? "The one source is fresh" : "All " + awaited + " sources fresh";
    }

    private static String rest(Status status) {
        List<String> parts = new ArrayList<>();
        if (!status.models().isEmpty()) {
            parts.add(HumanText.of(status.models().size(), "model"));
        }
        if (!status.rules().isEmpty()) {
            parts.add(HumanText.of(status.ruleCount().all(), "rule"));
        }
        return parts.isEmpty() ? "" : String.join(" and ", parts) + " in order";
    }

    private static void name(List<String> troubles, List<String> named) {
        if (!named.isEmpty()) {
            troubles.add(HumanText.some(named));
        }
    }

    private static String words(SourceStatus source, Status status) {
        return source.condition() == Condition.LATE
                ? "late by " + HumanText.span(Duration.between(source.dueBy(), status.now()))
                : words(source.condition());
    }

    private static String words(Condition condition) {
        return switch (condition) {
            case UNKNOWN -> "not run yet";
            case WARN -> "needs a look";
            default -> condition.name().toLowerCase(Locale.ROOT);
        };
    }
}
