package serai.watch.rule;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The kinds and bounds of a rule's options (spec/elastalert.md 1.5); types of rules add their own. */
public final class RuleCheck {

    private static final List<String> TEXTS = List.of("slack_username_override", "slack_emoji_override",
            "slack_icon_url_override", "slack_text_string", "slack_title", "slack_title_link", "slack_footer", "slack_footer_icon",
            "slack_image_url", "slack_thumb_url", "slack_author_name", "slack_author_link", "slack_author_icon", "slack_msg_pretext",
            "slack_kibana_discover_color", "slack_kibana_discover_title", "slack_opensearch_discover_color",
            "slack_opensearch_discover_title");
    private static final List<String> FLAGS = List.of("attach_related", "slack_attach_kibana_discover_url",
            "slack_attach_opensearch_discover_url");
    private static final List<String> LISTS = List.of("slack_alert_fields", "include_fields");

    private RuleCheck() {
    }

    public static void check(Rule rule, Options given) throws RuleException {
        for (String option : TEXTS) {
            given.text(option, "");
        }
        for (String option : FLAGS) {
            given.flag(option, false);
        }
        for (String option : LISTS) {
            given.list(option);
        }
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
        if (given.flag("scan_entire_timeframe", false) && !given.has("timeframe")) {
            throw given.refused("scan_entire_timeframe", "needs a timeframe");
        }
        if (given.has("limit_execution")) {
            CronTimes.of(given, "limit_execution", given.value("limit_execution"));
        }
        queries(rule, given);
    }

    private static void times(Rule rule, Options given) throws RuleException {
        if (rule.runEvery().compareTo(Duration.ofSeconds(1)) < 0) {
            throw given.refused("run_every", "must be a second or more");
        }
        if (rule.bufferTime().compareTo(Duration.ofSeconds(1)) < 0) {
            throw given.refused("buffer_time", "must be a second or more");
        }
    }

    private static void queries(Rule rule, Options given) throws RuleException {
        if (rule.mode() == Rule.Mode.TERMS && rule.queryKey() == null) {
            throw given.refused("use_terms_query", "query_key must be specified with use_terms_query");
        }
    }
}
