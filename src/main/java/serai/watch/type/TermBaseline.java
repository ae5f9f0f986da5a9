package serai.watch.type;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.Timestamps;

/**
 * The questions about the values that fields had before a rule began: one for each field and step of the time before.
 */
final class TermBaseline {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WINDOW = Duration.ofDays(30);
    private static final Duration STEP = Duration.ofDays(1);
    private static final int MOST_QUESTIONS = 2_000;
    private static final String KEYWORD = ".keyword";

    private final Rule rule;
    private final TermFields fields;
    private final Duration window;
    private final Duration step;

    TermBaseline(Rule rule, TermFields fields) {
        this.rule = rule;
        this.fields = fields;
        this.window = TypeOptions.of(rule).time("terms_window_size", WINDOW);
        this.step = TypeOptions.of(rule).time("window_step_size", STEP);
    }

    static void check(TypeOptions options) throws RuleException {
        options.anyTime("terms_window_size");
        options.time("window_step_size");
        options.flags("alert_on_missing_field", "use_keyword_postfix", "use_terms_query");
        TermBaseline baseline = new TermBaseline(options.rule(), new TermFields(options.rule()));
        if (baseline.window.dividedBy(baseline.step) * baseline.fields.all().size() > MOST_QUESTIONS) {
            throw options.refused(
                    options.has("window_step_size") ? "window_step_size" : "terms_window_size",
                    "makes more than " + MOST_QUESTIONS + " searches at the rule's start; take longer steps");
        }
        try {
            baseline.end(Instant.EPOCH);
        } catch (DateTimeException e) {
            throw options.refused("start_date", "must be a time such as 2024-03-01T00:00:00Z");
        }
    }

    private Instant end(Instant now) {
        Object given = rule.option("start_date");
        return given == null ? now : Timestamps.read(given instanceof String ? given : given.toString());
    }

    List<Baseline> questions(Instant now) {
        Instant end = end(now);
        List<Baseline> questions = new ArrayList<>();
        for (int field = 0; field < fields.all().size(); field++) {
            for (Instant from = end.minus(window); from.isBefore(end); from = from.plus(step)) {
                Instant to = from.plus(step).isAfter(end) ? end : from.plus(step);
                List<String> parts = fields.all().get(field);
                questions.add(new Baseline(field, from, to, body(parts, from, to), pages(parts, from, to)));
            }
        }
        return questions;
    }

    private ObjectNode body(List<String> field, Instant from, Instant to) {
        ObjectNode body = JSON.createObjectNode().put("size", 0);
        ObjectNode level = body.putObject("aggs").putObject("filtered");
        level.set("filter", filter(from, to));
        for (String part : field) {
            level = level.putObject("aggs").putObject("values");
            level.putObject("terms").put("field", keyword(part)).put("size", Integer.MAX_VALUE);
        }
        return body;
    }

    /**
     * A server gives 65,536 buckets at a time unless it is told otherwise, and refuses the question above when there
     * are more.
     */
    private ObjectNode pages(List<String> field, Instant from, Instant to) {
        ObjectNode body = JSON.createObjectNode().put("size", 0).put("track_total_hits", false);
        body.set("query", filter(from, to));
        ArrayNode sources = body.putObject("aggs")
                .putObject("values")
                .putObject("composite")
                .putArray("sources");
        for (int part = 0; part < field.size(); part++) {
            sources.addObject().putObject("part" + part).putObject("terms").put("field", keyword(field.get(part)));
        }
        return body;
    }

    private ObjectNode filter(Instant from, Instant to) {
        ObjectNode filter = JSON.createObjectNode();
        ArrayNode must = filter.putObject("bool").putArray("must");
        ObjectNode range = must.addObject().putObject("range").putObject(rule.timestampField());
        range.set("gte", JSON.valueToTree(rule.queryBound(from)));
        range.set("lt", JSON.valueToTree(rule.queryBound(to)));
        for (Object own : rule.filters()) {
            must.addPOJO(own instanceof Map<?, ?> map && map.get("query") != null ? map.get("query") : own);
        }
        return JSON.convertValue(filter, ObjectNode.class);
    }

    private String keyword(String field) {
        return !rule.flag("use_keyword_postfix", true) || field.endsWith(KEYWORD) ? field : field + KEYWORD;
    }
}
