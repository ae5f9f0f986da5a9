package serai.status;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The rows of a section at one instant.
 *
 * @param rows worst first, then by name; not all when there are many
 * @param all the number of rows, listed or not
 * @param inOrder how many of these need no mention in the summary
 * @param problems what the summary says about the others; null when there are none
 */
public record SectionRows(List<StatusRow> rows, long all, long inOrder, String problems) {

    /** All rows of a section; those that are not OK are named in the summary, after the noun if there is one. */
    public static SectionRows of(String noun, List<StatusRow> rows, Instant now) {
        long inOrder =
                rows.stream().filter(row -> row.condition() == Condition.OK).count();
        return of(noun, rows, rows.size(), inOrder, now);
    }

    /** Rows of a section that has more. */
    public static SectionRows of(String noun, List<StatusRow> rows, long all, long inOrder, Instant now) {
        List<StatusRow> sorted = rows.stream()
                .sorted(Comparator.comparing(StatusRow::condition).reversed())
                .toList();
        String before = noun.isEmpty() ? "" : noun + " ";
        List<String> named = sorted.stream()
                .limit(all - inOrder)
                .map(row -> before + row.name() + " " + phrase(row, now))
                .toList();
        String problems = named.isEmpty() ? null : HumanText.some(named, Math.max(named.size(), all - inOrder));
        return new SectionRows(sorted, all, inOrder, problems);
    }

    /** A section of one row. */
    public static SectionRows single(StatusRow row, String problem) {
        return new SectionRows(List.of(row), 1, problem == null ? 1 : 0, problem);
    }

    private static String phrase(StatusRow row, Instant now) {
        return switch (row.condition()) {
            case UNKNOWN -> "not run yet";
            case WARN -> "needs attention";
            case LATE -> row.dueBy() == null ? "late" : "late by " + HumanText.span(Duration.between(row.dueBy(), now));
            default -> row.condition().name().toLowerCase(Locale.ROOT);
        };
    }
}
