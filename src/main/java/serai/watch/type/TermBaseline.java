package serai.watch.type;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import serai.watch.query.Query;
import serai.watch.query.Window;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.Timestamps;

/** The queries for the values that fields had before a rule's first run: one for each field and step of that time. */
final class TermBaseline {

    private static final Duration WINDOW = Duration.ofDays(30);
    private static final Duration STEP = Duration.ofDays(1);
    private static final int MAX_QUERIES = 2_000;

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
        TermBaseline baseline = new TermBaseline(options.rule(), TermFields.of(options.rule()));
        if (baseline.window.dividedBy(baseline.step) * baseline.fields.names().size() > MAX_QUERIES) {
            throw options.refused(
                    options.has("window_step_size") ? "window_step_size" : "terms_window_size",
                    "needs more than " + MAX_QUERIES + " queries when the rule starts; use longer steps");
        }
        try {
            baseline.end(Instant.EPOCH);
        } catch (DateTimeException e) {
            throw options.refused("start_date", "must be a time such as 2024-03-01T00:00:00Z");
        }
    }

    private Instant end(Instant now) {
        Object start = rule.option("start_date");
        return start == null ? now : Timestamps.read(start.toString());
    }

    List<Query.FieldValues> queries(Instant now) {
        Instant end = end(now);
        List<Query.FieldValues> queries = new ArrayList<>();
        for (List<String> field : fields.parts()) {
            for (Instant from = end.minus(window); from.isBefore(end); from = from.plus(step)) {
                Instant to = from.plus(step).isAfter(end) ? end : from.plus(step);
                queries.add(new Query.FieldValues(rule, new Window(from, to), field, 0, null));
            }
        }
        return queries;
    }
}
