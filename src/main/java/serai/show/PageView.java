package serai.show;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.Status;
import serai.status.StatusColumn;
import serai.status.StatusRow;
import serai.status.StatusSection;
import serai.status.StatusSection.Form;

/** A {@link Status} as values for the page's template, which escapes them. */
final class PageView {

    private static final int SHORT_ERROR = 240;

    private final Instant now;

    private PageView(Instant now) {
        this.now = now;
    }

    static Map<String, Object> of(Status status) {
        PageView view = new PageView(status.now());
        Map<String, Object> model =
                new HashMap<>(view.mark(status.dataRows().isEmpty() ? Condition.UNKNOWN : status.worst()));
        model.put("now", status.now().truncatedTo(ChronoUnit.MILLIS).toString());
        model.put(
                "clock",
                status.now()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString()
                        .replace("T", " ")
                        .replace("Z", " UTC"));
        model.put("summary", StatusSummary.of(status));
        model.put("headline", StatusSummary.headline(status) + ".");
        String more = StatusSummary.more(status);
        model.put("more", more.isEmpty() ? null : more + ".");
        model.put("notices", view.sections(status, Form.NOTICE));
        model.put("tables", view.sections(status, Form.TABLE));
        model.put("lines", view.sections(status, Form.LINE));
        return model;
    }

    private List<Map<String, Object>> sections(Status status, Form form) {
        List<Map<String, Object>> sections = new ArrayList<>();
        for (Status.Part part : status.sections()) {
            boolean says = form != Form.NOTICE && !part.section().empty().isEmpty();
            if (part.section().form() == form && (says || part.rows().all() > 0)) {
                sections.add(section(part));
            }
        }
        return sections;
    }

    private Map<String, Object> section(Status.Part part) {
        StatusSection section = part.section();
        Map<String, Object> model = new HashMap<>();
        model.put("id", section.name());
        model.put("title", section.title());
        model.put("heading", heading(section.noun()));
        model.put("count", HumanText.of(part.rows().all(), section.noun()));
        model.put("columns", section.columns().stream().map(PageView::column).toList());
        model.put("span", section.columns().size() + 2);
        model.put(
                "rows",
                part.rows().rows().stream().map(row -> row(section, row)).toList());
        model.put("rest", rest(part));
        return model;
    }

    /** What stands below the rows, or null. */
    private static String rest(Status.Part part) {
        long listed = part.rows().rows().size();
        long others = part.rows().all() - listed;
        if (others > 0) {
            return (listed == 0 ? "" : "and ")
                    + HumanText.of(others, part.section().noun())
                    + (part.rows().inOrder() >= others ? " in order." : " more.");
        }
        return listed == 0 ? part.section().empty() : null;
    }

    private static String heading(String noun) {
        return noun.substring(0, 1).toUpperCase(Locale.ROOT) + noun.substring(1);
    }

    private static Map<String, Object> column(StatusColumn column) {
        return Map.of("label", column.label(), "number", column.isNumber());
    }

    private Map<String, Object> row(StatusSection section, StatusRow r) {
        Map<String, Object> row = new HashMap<>(mark(r.condition()));
        row.put("name", r.name());
        row.put("kind", r.kind());
        row.put("reason", r.reason());
        row.put("since", time(r.since()));
        row.put("key", section.name() + " " + r.name());
        row.put("note", r.reason() != null || r.error() != null);
        boolean whole = r.error() == null
                || r.error().length() <= SHORT_ERROR && !r.error().contains("\n");
        row.put("error", whole ? r.error() : null);
        row.put("longError", whole ? null : Map.of("start", start(r.error()), "whole", r.error()));
        row.put("cells", section.columns().stream().map(c -> cell(c, r)).toList());
        return row;
    }

    /** A cell is a time, with its age, or a text. */
    private Map<String, Object> cell(StatusColumn column, StatusRow row) {
        Object value = column.value().apply(row);
        Map<String, Object> cell = new HashMap<>(column(column));
        cell.put("time", value instanceof Instant time ? time(time) : null);
        cell.put("text", value instanceof Instant ? null : text(value));
        return cell;
    }

    private static String text(Object value) {
        if (value == null) {
            return "–";
        }
        if (value instanceof Duration duration) {
            return HumanText.millis(duration.toMillis());
        }
        return value instanceof Long count ? HumanText.count(count) : value.toString();
    }

    private static String start(String error) {
        String line = error.lines().findFirst().orElse("");
        return (line.length() <= SHORT_ERROR ? line : line.substring(0, SHORT_ERROR - 20)) + " …";
    }

    private Map<String, Object> mark(Condition condition) {
        return Map.of(
                "word",
                condition.name(),
                "symbol",
                condition.symbol(),
                "look",
                condition.name().toLowerCase(Locale.ROOT));
    }

    private Map<String, Object> time(Instant time) {
        return time == null
                ? null
                : Map.of(
                        "iso",
                        time.truncatedTo(ChronoUnit.MILLIS).toString(),
                        "age",
                        HumanText.age(time, now),
                        "clock",
                        HumanText.clock(time, now));
    }
}
