package serai.show;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page's first line: whether today's numbers can be trusted. */
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

    /** What has a problem, by name, or that the rest is in order; may be empty. */
    static String more(Status status) {
        List<String> problems = problems(status);
        return problems.isEmpty() && !status.sources().isEmpty() ? rest(status) : String.join("; ", problems);
    }

    private static List<String> problems(Status status) {
        List<String> problems = new ArrayList<>();
        name(
                problems,
                status.sources().stream()
                        .filter(s -> s.condition() != Condition.OK)
                        .map(s -> s.name() + " " + phrase(s, status))
                        .toList());
        if (status.waiting().tooLong()) {
            problems.add(
                    "no refresh has processed " + HumanText.of(status.waiting().days(), "changed day") + " since "
                            + HumanText.clock(status.waiting().since(), status.now()) + " UTC");
        }
        name(
                problems,
                status.models().stream()
                        .filter(m -> m.condition() != Condition.OK)
                        .map(m -> "model " + m.name() + " " + phrase(m.condition()))
                        .toList());
        List<String> rules = status.rules().stream()
                .filter(r -> r.condition() != Condition.OK && r.condition() != Condition.PAUSED)
                .map(r -> "rule " + r.name() + " " + phrase(r.condition()))
                .toList();
        if (!rules.isEmpty()) {
            problems.add(HumanText.some(
                    rules,
                    Math.max(
                            rules.size(),
                            status.ruleCount().all() - status.ruleCount().inOrder())));
        }
        if (status.messages().failedToday() > 0) {
            problems.add(HumanText.of(status.messages().failedToday(), "message") + " not delivered in the last 24 h");
        }
        if (!status.edits().isEmpty()) {
            problems.add(HumanText.of(status.edits().size(), "edited file") + " refused");
        }
        return problems;
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

    private static void name(List<String> problems, List<String> named) {
        if (!named.isEmpty()) {
            problems.add(HumanText.some(named));
        }
    }

    private static String phrase(SourceStatus source, Status status) {
        return source.condition() == Condition.LATE
                ? "late by " + HumanText.span(Duration.between(source.dueBy(), status.now()))
                : phrase(source.condition());
    }

    private static String phrase(Condition condition) {
        return switch (condition) {
            case UNKNOWN -> "not run yet";
            case WARN -> "needs attention";
            default -> condition.name().toLowerCase(Locale.ROOT);
        };
    }
}
