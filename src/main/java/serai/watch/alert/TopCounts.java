package serai.watch.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.python.Python;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * Puts the most frequent values of {@code top_count_keys} around a match into it, as {@code top_events_<key>}: value
 * and documents, the largest first ({@code docs/reference/elastalert.md}, "From match to alert"). A query that fails
 * leaves its key out, since an empty list would be wrong.
 */
public final class TopCounts implements MatchEnricher {

    private static final Duration AROUND = Duration.ofMinutes(10);
    private static final String KEYWORD = ".keyword";

    @Override
    public CompletableFuture<Void> enrich(AlertRule alertRule, Map<String, Object> match, Instant now, Search search) {
        Map<String, CompletableFuture<Search.Answer>> answers = new LinkedHashMap<>();
        for (Query.Counts query : queries(alertRule.rule(), match, now)) {
            answers.put(query.terms().field(), search.ask(query));
        }
        return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
                .whenComplete((done, failed) -> answers.forEach((key, answer) -> {
                    if (!answer.isCompletedExceptionally()) {
                        match.put("top_events_" + key, largest(answer.join(), number(alertRule.rule())));
                    }
                }));
    }

    /** A query for each key. */
    List<Query.Counts> queries(Rule rule, Map<String, Object> match, Instant now) {
        List<Query.Counts> queries = new ArrayList<>();
        Instant known = rule.timeOf(match);
        Instant time = known.equals(Instant.EPOCH) ? now : known;
        Duration before = rule.timeframe() == null ? AROUND : rule.timeframe();
        Window window = new Window(
                time.minus(rule.type().equals("flatline") ? before.multipliedBy(2) : before), time.plus(AROUND));
        for (Object key : rule.option("top_count_keys") instanceof List<?> list ? list : List.of()) {
            Query.Terms terms = new Query.Terms(field(rule, Python.str(key)), number(rule), 1);
            queries.add(new Query.Counts(rule, List.of(window), null, terms, keys(rule, match)));
        }
        return queries;
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
        Map<String, Object> largest = new LinkedHashMap<>();
        answer.counts().get(0).terms().entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(number)
                .forEach(term -> largest.put(String.valueOf(term.getKey()), term.getValue()));
        return largest;
    }
}
