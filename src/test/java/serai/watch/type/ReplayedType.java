package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.rule.Event;
import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

/**
 * A rule type with the data of a test. Its state is written and read again between two calls, unless the test disables
 * that.
 */
final class ReplayedType {

    static final Instant T0 = Instant.parse("2024-03-01T12:00:00Z");

    private final Rule rule;
    private final boolean restarting;
    private final List<Map<String, Object>> matches = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private RuleType type;
    private int documents;

    private ReplayedType(Rule rule, boolean restarting) {
        this.rule = rule;
        this.restarting = restarting;
        this.type = RuleType.open(rule, MissingNode.getInstance());
    }

    static Rule rule(String... lines) throws RuleException {
        String text = "name: r\nindex: logs\nalert: debug\n" + String.join("\n", lines);
        Rule rule = Rule.of(RuleFile.read(text, n -> null), Path.of("routes/alerts/r.yaml"), Map.of(), ZoneOffset.UTC);
        RuleTypes.check(rule);
        return rule;
    }

    static ReplayedType of(String... lines) throws RuleException {
        return new ReplayedType(rule(lines), true);
    }

    static ReplayedType of(Rule rule, boolean restarting) {
        return new ReplayedType(rule, restarting);
    }

    /** A document at a second after T0, with names and values in turn. */
    Event event(double second, Object... fields) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("@timestamp", at(second).toString());
        for (int i = 0; i < fields.length; i += 2) {
            source.put((String) fields[i], fields[i + 1]);
        }
        try {
            return Event.of(rule, source, "logs", "e" + ++documents);
        } catch (Event.NoTimeException e) {
            throw new AssertionError(e);
        }
    }

    static Instant at(double second) {
        return T0.plusMillis(Math.round(second * 1000));
    }

    ReplayedType page(List<Event> events) {
        type.addDocuments(events);
        return taken();
    }

    ReplayedType document(double second, Object... fields) {
        return page(List.of(event(second, fields)));
    }

    ReplayedType count(double second, long count) {
        type.addCount(at(second), count);
        return taken();
    }

    ReplayedType terms(double second, Map<Object, Long> buckets) {
        type.addTerms(at(second), buckets);
        return taken();
    }

    ReplayedType aggregations(double second, String json) {
        try {
            type.addBuckets(at(second), RuleTypeRecordings.buckets(rule, Recordings.JSON.readTree(json)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return taken();
    }

    ReplayedType time(double second) {
        type.collectGarbage(at(second));
        return taken();
    }

    private ReplayedType taken() {
        for (Map<String, Object> match : type.takeMatches()) {
            matches.add(match);
            texts.add(type.matchText(match));
        }
        if (restarting) {
            type = RuleType.open(rule, state());
        }
        return this;
    }

    JsonNode state() {
        return Recordings.json(type.state());
    }

    RuleType type() {
        return type;
    }

    List<Map<String, Object>> matches() {
        return matches;
    }

    List<String> texts() {
        return texts;
    }

    /** The ids of the documents that matched; null for a match that is no document. */
    List<Object> ids() {
        return matches.stream().map(match -> match.get("_id")).toList();
    }

    List<Object> values(String field) {
        return matches.stream().map(match -> match.get(field)).toList();
    }
}
