package serai.watch.alert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.python.Python;
import serai.watch.query.RuleQuery;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * Puts the most frequent values of {@code top_count_keys} around a match into it, as {@code top_events_<key>}: value
 * and documents, the largest first (spec/elastalert.md 1.7). A query that fails leaves its key out: "no events" would
 * be a lie.
 */
public final class TopCounts implements MatchEnricher {

    private static final Duration AROUND = Duration.ofMinutes(10);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEYWORD = ".keyword";

    @Override
    public CompletableFuture<Void> enrich(AlertRule alertRule, Map<String, Object> match, Instant now, Search search) {
        Rule rule = alertRule.rule();
        Map<String, CompletableFuture<Search.Answer>> answers = new LinkedHashMap<>();
        for (Search.Request request : requests(rule, match, now)) {
            answers.put(request.body().at("/aggs/counts/terms/field").asText(), search.ask(request));
        }
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .whenComplete((done, failed) -> answers.forEach((key, answer) -> {
                    if (!answer.isCompletedExceptionally()) {
                        match.put("top_events_" + key, largest(answer.join(), number(rule)));
                    }
                }));
    }

    /** A question for each key. */
    List<Search.Request> requests(Rule rule, Map<String, Object> match, Instant now) {
        List<Search.Request> requests = new ArrayList<>();
        Instant known = rule.timeOf(match);
        Instant time = known.equals(Instant.EPOCH) ? now : known;
        Duration before = rule.timeframe() == null ? AROUND : rule.timeframe();
        RuleQuery query = new RuleQuery(
                rule, time.minus(rule.type().equals("flatline") ? before.multipliedBy(2) : before), time.plus(AROUND));
        for (Object key : rule.option("top_count_keys") instanceof List<?> list ? list : List.of()) {
            ObjectNode body = query.body();
            body.retain("query");
            ArrayNode must = (ArrayNode) body.at("/query/bool/filter/bool/must");
            withoutLanguages(must);
            keys(rule, match)
                    .forEach(
                            (field, value) -> must.addObject().putObject("term").set(field, JSON.valueToTree(value)));
            body.putObject("aggs")
                    .putObject("counts")
                    .putObject("terms")
                    .put("field", field(rule, Python.str(key)))
                    .put("size", number(rule))
                    .put("min_doc_count", 1);
            requests.add(new Search.Request(
                    rule, Search.Kind.SEARCH, query.indices(), body.put("size", 0), query.from(), query.to()));
        }
        return requests;
    }

    private static void withoutLanguages(ArrayNode must) {
        for (int i = must.size() - 1; i >= 0; i--) {
            if (must.get(i).has("eql") || must.get(i).has("esql")) {
                must.remove(i);
            }
        }
    }

    private static int number(Rule rule) {
        return Math.max(1, rule.whole("top_count_number", 5));
    }

    /**
     * The field whose whole values are counted: {@code raw_count_keys} says that texts have a keyword field beside
     * them.
     */
    private static String field(Rule rule, String key) {
        String suffix = rule.option("string_multi_field_name") instanceof String own ? own : KEYWORD;
        return !rule.flag("raw_count_keys", true) || key.endsWith(suffix) ? key : key + suffix;
    }

    /** The match's query key, part by part: a value may hold a comma. */
    private static Map<String, Object> keys(Rule rule, Map<String, Object> match) {
        Map<String, Object> keys = new LinkedHashMap<>();
        Object whole = rule.queryKey() == null ? null : Document.lookup(match, rule.queryKey());
        if (whole == null) {
            return keys;
        }
        List<String> parts = rule.compoundKeys().stream()
                .filter(names -> String.join(",", names).equals(rule.queryKey()))
                .findFirst()
                .orElse(List.of(rule.queryKey()));
        String[] values = Python.str(whole).split(",\\s*", -1);
        for (int i = 0; i < parts.size(); i++) {
            Object own = Document.lookup(match, parts.get(i));
            Object value = own != null ? own : i < values.length ? values[i] : null;
            if (value != null && !(value instanceof List) && !(value instanceof Map)) {
                boolean raw = rule.flag("raw_count_keys", true)
                        && value instanceof String
                        && !parts.get(i).endsWith(KEYWORD);
                keys.put(raw ? parts.get(i) + KEYWORD : parts.get(i), value);
            }
        }
        return keys;
    }

    private static Map<String, Object> largest(Search.Answer answer, int number) {
        List<JsonNode> buckets = new ArrayList<>();
        answer.aggregations().at("/counts/buckets").forEach(buckets::add);
        buckets.sort(Comparator.comparing(
                        (JsonNode bucket) -> bucket.get("doc_count").asLong())
                .reversed());
        Map<String, Object> terms = new LinkedHashMap<>();
        buckets.stream()
                .limit(number)
                .forEach(bucket -> terms.put(
                        bucket.get("key").asText(), bucket.get("doc_count").numberValue()));
        return terms;
    }
}
