package serai.watch.rule;

import java.time.Duration;
import java.util.Map;

/** Checks the bounds of the options that every rule may have; rule types and alerters check their own. */
final class RuleCheck {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private RuleCheck() {}

    static void check(Rule rule) throws RuleException {
        Options options = rule.fileOptions();
        for (Object filter : rule.filters()) {
            if (!(filter instanceof Map)) {
                throw options.refused("filter", "each entry must be a query, such as 'term: {level: ERROR}'");
            }
        }
        if (rule.runEvery().compareTo(SHORTEST) < 0) {
            throw options.refused("run_every", "must be a second or more");
        }
        if (rule.bufferTime().compareTo(SHORTEST) < 0) {
            throw options.refused("buffer_time", "must be a second or more");
        }
        options.whole("max_query_size", 10_000);
        options.whole("alert_subject_max_len", 2048);
        options.whole("terms_size", 50);
        options.whole("min_doc_count", 1);
        options.list("include_fields");
        if (options.flag("scan_entire_timeframe", false) && !options.has("timeframe")) {
            throw options.refused("scan_entire_timeframe", "needs a timeframe; add one, or remove this option");
        }
        if (options.has("limit_execution")) {
            CronSchedule.of(options, "limit_execution", options.value("limit_execution"));
        }
        if (rule.mode() == Rule.Mode.TERMS && rule.queryKey() == null) {
            throw options.refused("use_terms_query", "needs a query_key; add one, or remove this option");
        }
    }
}
