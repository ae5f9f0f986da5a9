package serai.watch.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.message.PublicOptions;
import serai.watch.python.Python;
import serai.watch.query.Search;
import serai.watch.rule.Rule;

/**
 * Puts options of the rule into its matches, as {@code rule_param_<name>} (option
 * {@code include_rule_params_in_matches}).
 */
public final class RuleParams implements MatchEnricher {

    static List<String> names(Rule rule) {
        return rule.option("include_rule_params_in_matches") instanceof List<?> list
                ? list.stream().map(Python::str).toList()
                : List.of();
    }

    static String field(String name) {
        return "rule_param_" + name;
    }

    @Override
    public CompletableFuture<Void> enrich(AlertRule alertRule, Map<String, Object> match, Instant now, Search search) {
        for (String name : names(alertRule.rule())) {
            Object value = PublicOptions.of(alertRule.rule(), name);
            // a match is JSON, which has no durations: they are written as Python prints them
            match.put(field(name), value instanceof Duration ? Python.str(value) : value);
        }
        return CompletableFuture.completedFuture(null);
    }
}
