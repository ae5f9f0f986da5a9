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
import serai.watch.alert.AlertRule;
import serai.watch.alert.Silence;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.Timestamps;

/**
 * What a stopped ElastAlert left of some rules in its indices (spec/elastalert.md 3.2).
 *
 * @param runs the last run of rules that ran
 * @param silences those that still run, or grow
 * @param pending alerts that were not delivered, with the matches grouped with them
 */
record ImportedState(List<LeftRun> runs, List<LeftSilence> silences, List<LeftAlert> pending) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The end of a rule's last run. */
    record LeftRun(AlertRule rule, Instant end) {}

    /** A silence; {@code key} as it would be called here. */
    record LeftSilence(AlertRule rule, String key, Instant until, int exponent) {}

    /** An alert with its matches, oldest first. */
    record LeftAlert(
            AlertRule rule, String id, Instant alertTime, String aggregationKey, List<Map<String, Object>> matches) {}

    /**
     * Asks for it.
     *
     * @param oldest runs that ended before this are as if they had not been
     * @param deliverFrom alerts whose time was before this are given up, as ElastAlert does
     */
    static ImportedState read(
            StateReader scan,
            StateIndices indices,
            List<AlertRule> rules,
            Instant now,
            Instant oldest,
            Instant deliverFrom)
            throws Search.FailedException {
        List<LeftRun> runs = new ArrayList<>();
        Map<String, AlertRule> names = new LinkedHashMap<>();
        List<Search.Hit> statuses = scan.firsts(
                indices.status(),
                rules.stream().map(rule -> newestStatus(rule.rule())).toList());
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i).rule();
            names.put(rule.name(), rules.get(i));
            if (statuses.get(i) != null) {
                names.put(String.valueOf(statuses.get(i).source().get("rule_name")), rules.get(i));
                Instant end = time(statuses.get(i).source().get("endtime"));
                if (end != null && end.isAfter(oldest)) {
                    runs.add(new LeftRun(rules.get(i), end.isBefore(now) ? end : now));
                }
            }
        }
        return new ImportedState(runs, silences(scan, indices, names, now), pending(scan, indices, names, deliverFrom));
    }

    /** A rule without a name was called by its whole path there. */
    private static ObjectNode newestStatus(Rule rule) {
        Map<String, Object> named = Map.of("term", Map.of("rule_name", rule.name()));
        boolean nameless = rule.fileOptions().line("name") == null;
        Map<String, Object> condition = !nameless
                ? named
                : Map.of(
                        "bool",
                        Map.of(
                                "should",
                                List.of(
                                        named,
                                        Map.of(
                                                "wildcard",
                                                Map.of(
                                                        "rule_name",
                                                        Map.of(
                                                                "value",
                                                                "*/"
                                                                        + rule.name()
                                                                                .replaceAll(
                                                                                        "([*?\\\\])", "\\\\$1")))))));
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

    private static List<LeftSilence> silences(
            StateReader scan, StateIndices indices, Map<String, AlertRule> names, Instant now)
            throws Search.FailedException {
        Duration growing = names.values().stream()
                .map(rule -> growth(rule.rule()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        Map<String, LeftSilence> newest = new LinkedHashMap<>();
        for (Search.Hit hit : scan.all(indices.silence(), List.of(after("until", now.minus(growing))), "until")) {
            Instant until = time(hit.source().get("until"));
            LeftSilence silence = until == null
                    ? null
                    : silence(
                            String.valueOf(hit.source().get("rule_name")),
                            until,
                            hit.source().get("exponent") instanceof Number n ? n.intValue() : 0,
                            names);
            if (silence != null && until.isAfter(now.minus(growth(silence.rule().rule())))) {
                newest.put(silence.key(), silence);
            }
        }
        return List.copyOf(newest.values());
    }

    /** After its end a growing silence still says how long the next one is. */
    private static Duration growth(Rule rule) {
        return rule.option("exponential_realert") instanceof Duration longest && !longest.isNegative()
                ? longest.multipliedBy(2)
                : Duration.ZERO;
    }

    /**
     * Whose silence it is: a key is a rule's, alone, or followed by a dot and a value. The longest that fits is meant.
     */
    private static LeftSilence silence(String key, Instant until, int exponent, Map<String, AlertRule> names) {
        LeftSilence found = null;
        int longest = -1;
        for (Map.Entry<String, AlertRule> name : names.entrySet()) {
            Rule rule = name.getValue().rule();
            String was = rule.realertKey().equals(rule.name()) ? name.getKey() : rule.realertKey();
            if (key.equals(name.getKey() + "._silence")) {
                return new LeftSilence(name.getValue(), Silence.keyOfRule(rule.name()), until, 0);
            }
            if (was.length() > longest && (key.equals(was) || key.startsWith(was + "."))) {
                longest = was.length();
                found = new LeftSilence(
                        name.getValue(), rule.realertKey() + key.substring(was.length()), until, exponent);
            }
        }
        return found;
    }

    private static List<LeftAlert> pending(
            StateReader scan, StateIndices indices, Map<String, AlertRule> names, Instant from)
            throws Search.FailedException {
        List<Map<String, Object>> unsent =
                List.of(Map.of("term", Map.of("alert_sent", false)), after("alert_time", from));
        Map<String, LeftAlert> alerts = new LinkedHashMap<>();
        for (Search.Hit hit : scan.all(indices.base(), unsent, "@timestamp")) {
            Map<String, Object> source = hit.source();
            AlertRule rule = names.get(String.valueOf(source.get("rule_name")));
            Instant alertTime = time(source.get("alert_time"));
            if (rule != null && alertTime != null && source.get("match_body") instanceof Map<?, ?> body) {
                boolean first = source.get("aggregate_id") == null;
                String id = first ? hit.id() : String.valueOf(source.get("aggregate_id"));
                String key =
                        source.get("aggregation_key") == null ? null : String.valueOf(source.get("aggregation_key"));
                // one whose first was sent without it is an alert all the same
                LeftAlert alert =
                        alerts.computeIfAbsent(id, i -> new LeftAlert(rule, i, alertTime, key, new ArrayList<>()));
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

    private static Map<String, Object> after(String field, Instant time) {
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
