package serai.show;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The shape of {@code GET /status.json}, for other programs: times are ISO-8601 in UTC or null, counts are numbers.
 * Keys may be added, and are not removed.
 */
final class StatusJson {

    private StatusJson() {}

    static Map<String, Object> of(Status status) {
        return object(
                "now", text(status.now()),
                "summary", StatusSummary.of(status),
                "sources", all(status.sources(), StatusJson::source),
                "models", all(status.models(), StatusJson::model),
                "rules", all(status.rules(), StatusJson::rule),
                "ruleCount",
                        object(
                                "all",
                                status.ruleCount().all(),
                                "inOrder",
                                status.ruleCount().inOrder()),
                "messages",
                        object(
                                "sent",
                                status.messages().sent(),
                                "pending",
                                status.messages().pending(),
                                "failed",
                                status.messages().failed()),
                "edits",
                        all(
                                status.edits(),
                                e -> object(
                                        "file",
                                        e.file(),
                                        "line",
                                        e.line(),
                                        "reason",
                                        e.reason(),
                                        "since",
                                        text(e.since()))),
                "instances",
                        all(
                                status.instances(),
                                i -> object(
                                        "id",
                                        i.id(),
                                        "host",
                                        i.host(),
                                        "pid",
                                        i.pid(),
                                        "version",
                                        i.version(),
                                        "startedAt",
                                        text(i.startedAt()),
                                        "seenAt",
                                        text(i.seenAt()))));
    }

    private static Map<String, Object> source(SourceStatus s) {
        return object(
                "name",
                s.name(),
                "kind",
                s.kind(),
                "status",
                s.condition().name(),
                "dataAsOf",
                text(s.dataAsOf()),
                "loadedAt",
                text(s.loadedAt()),
                "checkedAt",
                text(s.checkedAt()),
                "dueBy",
                text(s.dueBy()),
                "lastRun",
                s.lastRun() == null ? null : run(s.lastRun()),
                "error",
                s.error());
    }

    private static Map<String, Object> run(LastRun run) {
        return object(
                "startedAt",
                text(run.startedAt()),
                "millis",
                run.millis(),
                "read",
                run.read(),
                "inserted",
                run.inserted(),
                "updated",
                run.updated(),
                "deleted",
                run.deleted(),
                "rejected",
                run.rejected());
    }

    private static Map<String, Object> model(ModelStatus m) {
        return object(
                "name",
                m.name(),
                "kind",
                m.kind(),
                "status",
                m.condition().name(),
                "coveredTo",
                text(m.coveredTo()),
                "rows",
                m.rows(),
                "dirtyDays",
                m.dirtyDays());
    }

    private static Map<String, Object> rule(RuleStatus r) {
        return object(
                "name",
                r.name(),
                "type",
                r.type(),
                "status",
                r.condition().name(),
                "lastRun",
                text(r.lastRun()),
                "hits",
                r.hits(),
                "matches",
                r.matches(),
                "alertsSent",
                r.alertsSent(),
                "everyMillis",
                millis(r.every()),
                "lagMillis",
                millis(r.lag()),
                "error",
                r.error());
    }

    private static <T> List<Map<String, Object>> all(List<T> rows, Function<T, Map<String, Object>> shape) {
        return rows.stream().map(shape).toList();
    }

    private static Long millis(Duration time) {
        return time == null ? null : time.toMillis();
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }

    /** An object with these keys and values in turn; values may be null. */
    private static Map<String, Object> object(Object... keysAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return object;
    }
}
