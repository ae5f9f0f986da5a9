package serai.show;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
                new HashMap<>(view.mark(status.sources().isEmpty() ? Condition.UNKNOWN : status.worst()));
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
        model.put("sources", status.sources().stream().map(view::source).toList());
        model.put("models", status.models().stream().map(view::model).toList());
        model.put("rules", status.rules().stream().map(view::rule).toList());
        long others = status.ruleCount().all() - status.rules().size();
        model.put("otherRules", others > 0 ? HumanText.of(others, "rule") : null);
        model.put("edits", status.edits().stream().map(view::edit).toList());
        model.put(
                "refused",
                status.edits().isEmpty()
                        ? List.of()
                        : List.of(HumanText.of(status.edits().size(), "edited file")));
        model.put("messages", view.messages(status.messages()));
        return model;
    }

    private Map<String, Object> source(SourceStatus s) {
        Map<String, Object> row = row(s.name(), s.kind(), s.condition(), s.reason(), s.error());
        row.put("dataAsOf", time(s.dataAsOf()));
        row.put("loadedAt", time(s.loadedAt()));
        row.put("checkedAt", time(s.checkedAt()));
        row.put("dueBy", time(s.dueBy()));
        row.put("run", s.lastRun() == null ? null : run(s.lastRun()));
        return row;
    }

    private Map<String, Object> run(LastRun run) {
        Map<String, Object> row = new HashMap<>();
        row.put("started", time(run.startedAt()));
        row.put("took", run.millis() == null ? "still running" : HumanText.millis(run.millis()));
        row.put("read", HumanText.count(run.read()));
        row.put("inserted", HumanText.count(run.inserted()));
        row.put("deleted", HumanText.count(run.deleted()));
        row.put("rejected", run.rejected() == 0 ? null : HumanText.count(run.rejected()));
        return row;
    }

    private Map<String, Object> model(ModelStatus m) {
        Map<String, Object> row = row(m.name(), m.kind(), m.condition(), m.reason(), m.error());
        row.put("coveredTo", time(m.coveredTo()));
        row.put("rows", m.rows() == null ? null : HumanText.count(m.rows()));
        row.put("dirtyDays", HumanText.count(m.dirtyDays()));
        return row;
    }

    private Map<String, Object> rule(RuleStatus r) {
        Map<String, Object> row = row(r.name(), r.type(), r.condition(), r.reason(), r.error());
        row.put("lastRun", time(r.lastRun()));
        row.put("every", r.every() == null ? null : HumanText.millis(r.every().toMillis()));
        row.put("lag", r.lag() == null ? null : HumanText.millis(r.lag().toMillis()));
        row.put("hits", HumanText.count(r.hits()));
        row.put("matches", HumanText.count(r.matches()));
        row.put("alertsSent", HumanText.count(r.alertsSent()));
        return row;
    }

    private Map<String, Object> edit(Status.RefusedEdit e) {
        Map<String, Object> row = new HashMap<>();
        row.put("place", e.line() == null ? e.file() : e.file() + ":" + e.line());
        row.put("reason", e.reason());
        row.put("since", time(e.since()));
        return row;
    }

    private Map<String, Object> messages(Status.Messages messages) {
        Map<String, Object> row = new HashMap<>(mark(messages.failedToday() == 0 ? Condition.OK : Condition.WARN));
        row.put("sent", HumanText.count(messages.sent()));
        row.put("pending", HumanText.count(messages.pending()));
        row.put("failed", HumanText.count(messages.failed()));
        row.put("oldest", time(messages.oldestWaits()));
        return row;
    }

    private Map<String, Object> row(String name, String kind, Condition condition, String reason, String error) {
        Map<String, Object> row = new HashMap<>(mark(condition));
        row.put("name", name);
        row.put("kind", kind);
        row.put("reason", reason);
        row.put("key", kind + " " + name);
        row.put("note", reason != null || error != null);
        boolean whole = error == null || error.length() <= SHORT_ERROR && !error.contains("\n");
        row.put("error", whole ? error : null);
        row.put("longError", whole ? null : Map.of("start", start(error), "whole", error));
        return row;
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
