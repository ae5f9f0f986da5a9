package serai.watch.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import serai.watch.python.EqualityKey;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.rule.Document;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;

/**
 * Fetches the whole documents of matches that were found from a few fields, but only of those that may lead to an
 * alert: of matches that share a silence key the first silences the others. The match of a document that is gone stays
 * as it is.
 */
final class FullDocumentFetch {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_AT_ONCE = 500;

    private final Rule rule;
    private final Search search;

    FullDocumentFetch(Rule rule, Search search) {
        this.rule = rule;
        this.search = search;
    }

    /**
     * The fields that are enough to find matches. Null when whole documents are read: nearly all of them lead to
     * alerts, or matches hold others.
     */
    static Set<String> fields(Rule rule, Set<String> read) {
        List<?> include = rule.option("include") instanceof List<?> list ? list : List.of("*");
        boolean allMatch = rule.type().equals("any") && !firstOnly(rule);
        if (read.contains("*")
                || !include.contains("*")
                || !rule.flag("_source_enabled", true)
                || rule.option("include_fields") != null
                || rule.flag("attach_related", false)
                || allMatch) {
            return null;
        }
        Set<String> fields = new LinkedHashSet<>(read);
        fields.add(rule.timestampField());
        for (List<String> compound : rule.compoundKeys()) {
            fields.addAll(compound);
        }
        for (String option : List.of("query_key", "aggregation_key")) {
            if (rule.option(option) instanceof String key) {
                fields.add(key);
            }
        }
        fields.addAll(fields.stream()
                .filter(f -> f.endsWith(".keyword"))
                .map(f -> f.substring(0, f.length() - 8))
                .toList());
        // a name with brackets is not the name of a field
        return fields.stream().anyMatch(f -> f.contains("[")) ? null : fields;
    }

    private static boolean firstOnly(Rule rule) {
        boolean grouped = rule.option("aggregation") instanceof Duration time
                ? !time.isZero()
                : rule.option("aggregation") != null;
        boolean enhanced = rule.option("match_enhancements") instanceof List<?> list && !list.isEmpty();
        return !rule.realert().isZero() && !grouped && !enhanced;
    }

    /** The matches with their whole documents where they may lead to an alert. */
    CompletableFuture<List<Map<String, Object>>> of(List<Map<String, Object>> matches) {
        List<Map<String, Object>> wanted = wanted(matches);
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(matches);
        }
        Map<String, Event> found = new HashMap<>();
        int[] next = {0};
        return AsyncLoop.whileTrue(() -> {
                    List<Map<String, Object>> some =
                            wanted.subList(next[0], Math.min(wanted.size(), next[0] + MAX_AT_ONCE));
                    next[0] += some.size();
                    return search.ask(query(some)).thenApply(answer -> {
                        answer.hits().forEach(hit -> found.put(hit.index() + '\0' + hit.id(), event(hit)));
                        return next[0] < wanted.size();
                    });
                })
                .thenApply(done -> merged(matches, wanted, found));
    }

    private List<Map<String, Object>> wanted(List<Map<String, Object>> matches) {
        List<Map<String, Object>> wanted = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Map<String, Object> match : matches) {
            String key = rule.queryKey() == null ? "" : EqualityKey.of(Document.lookup(match, rule.queryKey()));
            if (match.get("_id") != null && match.get("_index") != null && (!firstOnly(rule) || keys.add(key))) {
                wanted.add(match);
            }
        }
        return wanted;
    }

    private Query query(List<Map<String, Object>> matches) {
        Set<String> indices = new LinkedHashSet<>();
        Set<String> ids = new LinkedHashSet<>();
        for (Map<String, Object> match : matches) {
            indices.add(match.get("_index").toString());
            ids.add(match.get("_id").toString());
        }
        return new Query.ById(rule, indices, ids);
    }

    private Event event(Search.Hit hit) {
        try {
            return Event.of(rule, hit.source(), hit.index(), hit.id());
        } catch (Event.NoTimeException e) {
            return new Event(Instant.EPOCH, Map.of());
        }
    }

    private static List<Map<String, Object>> merged(
            List<Map<String, Object>> matches, List<Map<String, Object>> wanted, Map<String, Event> found) {
        Set<Map<String, Object>> whole = Collections.newSetFromMap(new IdentityHashMap<>());
        whole.addAll(wanted);
        List<Map<String, Object>> merged = new ArrayList<>();
        for (Map<String, Object> match : matches) {
            Event event =
                    whole.contains(match) ? found.get(match.get("_index").toString() + '\0' + match.get("_id")) : null;
            merged.add(event == null ? match : merged(match, event.fields()));
        }
        return merged;
    }

    /** The document, with what the rule's type added to the match. */
    private static Map<String, Object> merged(Map<String, Object> match, Map<String, Object> document) {
        Map<String, Object> merged = new LinkedHashMap<>(document);
        match.forEach((name, value) -> {
            if (!document.containsKey(name) || !holds(document.get(name), value)) {
                merged.put(name, value);
            }
        });
        return merged;
    }

    /** Whether a value that was fetched alone can be a part of a value of the whole document. */
    private static boolean holds(Object whole, Object part) {
        if (whole instanceof Map<?, ?> all && part instanceof Map<?, ?> some) {
            return some.entrySet().stream()
                    .allMatch(e -> all.containsKey(e.getKey()) && holds(all.get(e.getKey()), e.getValue()));
        }
        if (whole instanceof List<?> all && part instanceof List<?> some && all.size() == some.size()) {
            for (int i = 0; i < some.size(); i++) {
                if (!holds(all.get(i), some.get(i))) {
                    return false;
                }
            }
            return true;
        }
        return Objects.equals(JSON.valueToTree(whole), JSON.valueToTree(part));
    }
}
