package serai.show;

import java.util.ArrayList;
import java.util.List;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.Status;
import serai.status.StatusRow;
import serai.status.StatusSection.Form;

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
        List<StatusRow> sources = status.dataRows();
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

    /** What has a problem, by name, or that the rest is in order; may be empty. */
    static String more(Status status) {
        List<String> problems = status.sections().stream()
                .filter(part -> part.section().form() != Form.DATA)
                .map(part -> part.rows().problems())
                .filter(text -> text != null)
                .toList();
        return problems.isEmpty() && !status.dataRows().isEmpty() ? rest(status) : String.join("; ", problems);
    }

    private static String rest(Status status) {
        List<String> parts = new ArrayList<>();
        for (Status.Part part : status.sections()) {
            if (part.section().form() == Form.TABLE
                    && !part.section().isData()
                    && part.rows().all() > 0) {
                parts.add(HumanText.of(part.rows().all(), part.section().noun()));
            }
        }
        if (parts.isEmpty()) {
            return "";
        }
        int last = parts.size() - 1;
        String others = String.join(", ", parts.subList(0, last));
        return (others.isEmpty() ? "" : others + " and ") + parts.get(last) + " in order";
    }
}
