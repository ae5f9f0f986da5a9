package serai.watch.elastalert;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Silence;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/**
 * A document as ElastAlert writes it ({@code docs/reference/elastalert.md}, "State indices"), with an id that is the
 * same when it is written again.
 *
 * @param alertId the alert whose delivery decides the value of {@code alert_sent}, or null
 */
record StateDocument(Kind kind, String id, Map<String, Object> body, String alertId) {

    /** The kinds of documents; each has an index of its own. */
    enum Kind {
        STATUS("_status"),
        SILENCE("_silence"),
        ALERT(""),
        ERROR("_error");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }

        /** The index of this kind. */
        String index(String writebackIndex) {
            return writebackIndex + suffix;
        }
    }

    private static final List<String> METADATA = List.of("category", "description", "owner", "priority");

    static StateDocument status(
            Rule rule, Instant start, Instant end, long hits, long matches, Duration duration, Instant at) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("rule_name", rule.name());
        body.put("endtime", Timestamps.write(end));
        body.put("starttime", Timestamps.write(start));
        body.put("matches", matches);
        body.put("hits", hits);
        body.put("@timestamp", Timestamps.write(at));
        body.put("time_taken", duration.toMillis() / 1_000.0);
        return new StateDocument(Kind.STATUS, id(rule.name(), body.get("endtime")), body, null);
    }

    static StateDocument silence(Silence silence, Instant at) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("exponent", silence.exponent());
        body.put("rule_name", silence.key());
        body.put("@timestamp", Timestamps.write(at));
        body.put("until", Timestamps.write(silence.until()));
        return new StateDocument(Kind.SILENCE, id(silence.key(), body.get("until")), body, null);
    }

    static StateDocument error(Rule rule, String message, Instant at) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", message);
        body.put("traceback", List.of());
        body.put("data", Map.of("rule", rule.name()));
        body.put("@timestamp", Timestamps.write(at));
        return new StateDocument(Kind.ERROR, id(rule.name(), message, at), body, null);
    }

    /** A match that waits in a group. */
    static StateDocument waiting(
            AlertRule rule, Map<String, Object> match, Grouped grouped, boolean metadata, Instant at) {
        Map<String, Object> body = alert(rule, match, false, grouped.alertAt(), metadata, at);
        body.put("alert_exception", null);
        grouped.fill(body);
        return new StateDocument(Kind.ALERT, grouped.id(), body, null);
    }

    /** An alert that was queued for its alerters; whether it was delivered is known later. */
    static StateDocument sent(
            AlertRule rule, Map<String, Object> match, Grouped grouped, String alertId, boolean metadata, Instant at) {
        Map<String, Object> body = alert(rule, match, true, grouped.alertAt(), metadata, at);
        grouped.fill(body);
        return new StateDocument(Kind.ALERT, grouped.id(), body, alertId);
    }

    /**
     * A match's place in its group.
     *
     * @param id the id of the match's document
     * @param first the id of the first match's document
     * @param key the value of {@code aggregation_key}, or null
     */
    record Grouped(String id, String first, String key, Instant alertAt) {

        private void fill(Map<String, Object> body) {
            if (!id.equals(first)) {
                body.put("aggregate_id", first);
            }
            if (key != null) {
                body.put("aggregation_key", key);
            }
        }
    }

    private static Map<String, Object> alert(
            AlertRule alertRule,
            Map<String, Object> match,
            boolean sent,
            Instant alertAt,
            boolean metadata,
            Instant at) {
        Rule rule = alertRule.rule();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("match_body", match);
        body.put("rule_name", rule.name());
        body.put(
                "alert_info",
                alertRule.alerters().isEmpty()
                        ? Map.of("type", "debug")
                        : alertRule.alerters().get(0).info());
        body.put("alert_sent", sent);
        body.put("alert_time", Timestamps.write(alertAt));
        if (rule.flag("include_match_in_root", false)) {
            match.forEach((field, value) -> {
                if (!field.startsWith("_")) {
                    body.put(field, value);
                }
            });
        }
        if (metadata) {
            METADATA.forEach(option -> body.put(option, rule.option(option)));
        }
        Object matchTime = Document.lookup(match, rule.timestampField());
        if (matchTime != null) {
            body.put("match_time", matchTime);
        }
        body.putIfAbsent("@timestamp", Timestamps.write(at));
        return body;
    }

    private static String id(Object... parts) {
        return DigestUtils.sha256Hex(
                Arrays.stream(parts).map(part -> part + "\0").collect(Collectors.joining()));
    }
}
