package serai.watch.rule;

import java.time.Duration;
import java.util.Map;

/**
 * The bounds of the options that every rule has (spec/elastalert.md 1.5); types of rules and alerters add their own.
 */
final class RuleCheck {

    private RuleCheck() {}

    static void check(Rule rule, Options given) throws RuleException {
        for (Object filter : rule.filters()) {
            if (!(filter instanceof Map)) {
                throw given.refused("filter", "each entry must be a query, such as 'term: {level: ERROR}'");
            }
        }
        times(rule, given);
        given.whole("max_query_size", 10_000);
        given.whole("alert_subject_max_len", 2048);
        given.whole("terms_size", 50);
        given.whole("min_doc_count", 1);
        given.list("include_fields");
        if (given.flag("scan_entire_timeframe", false) && !given.has("timeframe")) {
            throw given.refused("scan_entire_timeframe", "needs a timeframe");
        }
        if (given.has("limit_execution")) {
            CronTimes.of(given, "limit_execution", given.value("limit_execution"));
        }
        if (rule.mode() == Rule.Mode.TERMS && rule.queryKey() == null) {
            throw given.refused("use_terms_query", "query_key must be specified with use_terms_query");
        }
    }

    private static void times(Rule rule, Options given) throws RuleException {
        if (rule.runEvery().compareTo(Duration.ofSeconds(1)) < 0) {
            throw given.refused("run_every", "must be a second or more");
        }
        if (rule.bufferTime().compareTo(Duration.ofSeconds(1)) < 0) {
            throw given.refused("buffer_time", "must be a second or more");
        }
    }
}
