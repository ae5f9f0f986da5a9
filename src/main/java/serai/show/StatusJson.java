package serai.show;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.status.SectionRows;
import serai.status.Status;
import serai.status.StatusRow;
import serai.status.StatusSection.Form;

/**
 * The shape of {@code GET /status.json}, for other programs: a key for each section, with its rows. Times are ISO-8601
 * in UTC or null, counts are numbers, and a duration {@code x} is {@code xMillis}. Keys may be added, and are not
 * removed.
 */
final class StatusJson {

    private StatusJson() {}

    static Map<String, Object> of(Status status) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("now", status.now().toString());
        json.put("summary", StatusSummary.of(status));
        Map<String, Object> counts = new LinkedHashMap<>();
        for (Status.Part part : status.sections()) {
            SectionRows rows = part.rows();
            String name = part.section().name();
            json.put(
                    name,
                    part.section().form() == Form.LINE
                            ? row(rows.rows().get(0))
                            : rows.rows().stream().map(StatusJson::row).toList());
            if (part.section().form() == Form.TABLE) {
                counts.put(name, Map.of("all", rows.all(), "inOrder", rows.inOrder()));
            }
        }
        json.put("counts", counts);
        // the older form of counts.rules
        json.put("ruleCount", counts.getOrDefault("rules", Map.of("all", 0, "inOrder", 0)));
        return json;
    }

    private static Map<String, Object> row(StatusRow r) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", r.name());
        json.put("kind", r.kind());
        json.put("status", r.condition().name());
        json.put("reason", r.reason());
        json.put("error", r.error());
        json.put("cause", r.cause());
        put(json, "dataAsOf", r.dataAsOf());
        put(json, "completeTo", r.completeTo());
        put(json, "loadedAt", r.loadedAt());
        put(json, "checkedAt", r.checkedAt());
        json.put("schedule", r.schedule() == null ? null : schedule(r));
        put(json, "dueBy", r.dueBy());
        put(json, "since", r.since());
        json.put("attempt", r.attempt());
        put(json, "nextTry", r.nextTry());
        json.put("paused", r.paused() == null ? null : paused(r.paused()));
        json.put("reads", r.reads());
        json.put("actions", r.actions());
        r.figures().forEach((name, value) -> put(json, name, value));
        return json;
    }

    private static Map<String, Object> schedule(StatusRow r) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cron", r.schedule().cron());
        json.put("zone", r.schedule().zone());
        put(json, "grace", r.schedule().grace());
        return json;
    }

    private static Map<String, Object> paused(StatusRow.Paused paused) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("by", paused.by());
        json.put("why", paused.why());
        put(json, "since", paused.since());
        return json;
    }

    private static void put(Map<String, Object> json, String name, Object value) {
        if (value instanceof Duration duration) {
            json.put(name + "Millis", duration.toMillis());
        } else {
            json.put(name, plain(value));
        }
    }

    private static Object plain(Object value) {
        if (value instanceof Instant time) {
            return time.toString();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> json = new LinkedHashMap<>();
            map.forEach((key, inner) -> put(json, String.valueOf(key), inner));
            return json;
        }
        if (value instanceof List<?> list) {
            return new ArrayList<>(list.stream().map(StatusJson::plain).toList());
        }
        return value;
    }
}
