package serai.watch.elastalert;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.elasticsearch.ElasticsearchException;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Silence;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/**
 * What a stopped ElastAlert left of some rules in its indices.
 *
 * @param runs the last run of rules that ran
 * @param silences those that are active, or that the next silence doubles
 * @param pending alerts that were not delivered
 */
record ImportedState(List<LastRun> runs, List<ImportedSilence> silences, List<PendingAlert> pending) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The end of a rule's last run. */
    record LastRun(AlertRule rule, Instant end) {}

    /** A silence, with its key as it is named here. */
    record ImportedSilence(AlertRule rule, String key, Instant until, int exponent) {}

    /** An alert with its matches, oldest first. */
    record PendingAlert(
            AlertRule rule, String id, Instant alertTime, String aggregationKey, List<Map<String, Object>> matches) {}

    /**
     * Reads it.
     *
     * @param oldest runs that ended before this are ignored
     * @param alertsFrom alerts that were due before this are dropped, as in ElastAlert
     */
    static ImportedState read(
            StateReader reader,
            String writebackIndex,
            List<AlertRule> rules,
            Instant now,
            Instant oldest,
            Instant alertsFrom)
            throws ElasticsearchException {
        List<LastRun> runs = new ArrayList<>();
        Map<String, AlertRule> rulesByName = new LinkedHashMap<>();
        List<Search.Hit> statuses = reader.firsts(
                StateDocument.Kind.STATUS.index(writebackIndex),
                rules.stream().map(rule -> newestStatus(rule.rule())).toList());
        for (int i = 0; i < rules.size(); i++) {
            rulesByName.put(rules.get(i).rule().name(), rules.get(i));
            if (statuses.get(i) != null) {
                Map<String, Object> status = statuses.get(i).source();
                rulesByName.put(String.valueOf(status.get("rule_name")), rules.get(i));
                Instant end = time(status.get("endtime"));
                if (end != null && end.isAfter(oldest)) {
                    runs.add(new LastRun(rules.get(i), end.isBefore(now) ? end : now));
                }
            }
        }
        return new ImportedState(
                runs,
                silences(reader, writebackIndex, rulesByName, now),
                pending(reader, writebackIndex, rulesByName, alertsFrom));
    }

    /** A rule without a name has its absolute path as name in ElastAlert. */
    private static ObjectNode newestStatus(Rule rule) {
        Map<String, Object> condition = Map.of("term", Map.of("rule_name", rule.name()));
        if (rule.fileOptions().line("name") == null) {
            String path = "*/" + rule.name().replaceAll("([*?\\\\])", "\\\\$1");
            Map<String, Object> byPath = Map.of("wildcard", Map.of("rule_name", Map.of("value", path)));
            condition = Map.of("bool", Map.of("should", List.of(condition, byPath)));
        }
        return JSON.valueToTree(Map.of(
                "size",
                1,
                "query",
                Map.of("bool", Map.of("filter", List.of(condition))),
                "sort",
                List.of(Map.of("@timestamp", Map.of("order", "desc", "unmapped_type", "date"))),
                "_source",
                List.of("endtime", "rule_name")));
    }

    private static List<ImportedSilence> silences(
            StateReader reader, String writebackIndex, Map<String, AlertRule> rulesByName, Instant now)
            throws ElasticsearchException {
        Duration longest = rulesByName.values().stream()
                .map(rule -> doublingTime(rule.rule()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Map<String, ImportedSilence> newest = new LinkedHashMap<>();
        String index = StateDocument.Kind.SILENCE.index(writebackIndex);
        for (Search.Hit hit : reader.all(index, List.of(from("until", now.minus(longest))), "until")) {
            Instant until = time(hit.source().get("until"));
            int exponent = hit.source().get("exponent") instanceof Number number ? number.intValue() : 0;
            ImportedSilence silence = until == null
                    ? null
                    : silence(String.valueOf(hit.source().get("rule_name")), until, exponent, rulesByName);
            if (silence != null
                    && until.isAfter(now.minus(doublingTime(silence.rule().rule())))) {
                newest.put(silence.key(), silence);
            }
        }
        return List.copyOf(newest.values());
    }

    /** For how long after its end a silence decides the length of the next one ({@code exponential_realert}). */
    private static Duration doublingTime(Rule rule) {
        return rule.option("exponential_realert") instanceof Duration longest && !longest.isNegative()
                ? longest.multipliedBy(2)
                : Duration.ZERO;
    }

    /**
     * The silence of a key. The key belongs to the rule whose realert key it is, or begins with before a dot and a
     * value; of several such rules to the one with the longest realert key.
     */
    private static ImportedSilence silence(
            String key, Instant until, int exponent, Map<String, AlertRule> rulesByName) {
        ImportedSilence found = null;
        int longest = -1;
        for (Map.Entry<String, AlertRule> entry : rulesByName.entrySet()) {
            Rule rule = entry.getValue().rule();
            String realertKey = rule.realertKey().equals(rule.name()) ? entry.getKey() : rule.realertKey();
            if (key.equals(entry.getKey() + "._silence")) {
                return new ImportedSilence(entry.getValue(), Silence.keyOfRule(rule.name()), until, 0);
            }
            if (realertKey.length() > longest && (key.equals(realertKey) || key.startsWith(realertKey + "."))) {
                longest = realertKey.length();
                String ownKey = rule.realertKey() + key.substring(realertKey.length());
                found = new ImportedSilence(entry.getValue(), ownKey, until, exponent);
            }
        }
        return found;
    }

    private static List<PendingAlert> pending(
            StateReader reader, String writebackIndex, Map<String, AlertRule> rulesByName, Instant from)
            throws ElasticsearchException {
        List<Map<String, Object>> unsent =
                List.of(Map.of("term", Map.of("alert_sent", false)), from("alert_time", from));
        Map<String, PendingAlert> alerts = new LinkedHashMap<>();
        String index = StateDocument.Kind.ALERT.index(writebackIndex);
        for (Search.Hit hit : reader.all(index, unsent, "@timestamp")) {
            Map<String, Object> source = hit.source();
            AlertRule rule = rulesByName.get(String.valueOf(source.get("rule_name")));
            Instant alertTime = time(source.get("alert_time"));
            if (rule != null && alertTime != null && source.get("match_body") instanceof Map<?, ?> body) {
                boolean first = source.get("aggregate_id") == null;
                String id = first ? hit.id() : String.valueOf(source.get("aggregate_id"));
                String key =
                        source.get("aggregation_key") == null ? null : String.valueOf(source.get("aggregation_key"));
                // matches whose first match was sent without them are an alert too
                PendingAlert alert =
                        alerts.computeIfAbsent(id, i -> new PendingAlert(rule, i, alertTime, key, new ArrayList<>()));
                alert.matches().add(first ? 0 : alert.matches().size(), match(body));
            }
        }
        return List.copyOf(alerts.values());
    }

    private static Map<String, Object> match(Map<?, ?> body) {
        Map<String, Object> match = new LinkedHashMap<>();
        body.forEach((field, value) -> match.put(String.valueOf(field), value));
        return match;
    }

    private static Map<String, Object> from(String field, Instant time) {
        return Map.of("range", Map.of(field, Map.of("gte", time.toString())));
    }

    private static Instant time(Object value) {
        try {
            return value == null ? null : Timestamps.read(value);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
