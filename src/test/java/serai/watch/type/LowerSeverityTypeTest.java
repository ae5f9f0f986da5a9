package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.watch.query.Search;
import serai.watch.rule.Event;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleFile;
import serai.watch.rule.Severities;

class LowerSeverityTypeTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");

    private static List<Rule> rules(String more) throws Exception {
        List<Rule> rules = new ArrayList<>();
        for (Options options : Severities.expand(
                RuleFile.read("""
                name: Errors
                index: logs
                alert: debug
                timeframe: {minutes: 5}
                query_key: host
                realert: {minutes: 10}
                """ + (more.contains("type: ") ? more : "type: frequency\n" + more), name -> null),
                "Errors")) {
            rules.add(Rule.of(
                    options,
                    Path.of("e.yaml"),
                    Map.of("run_every", Map.of("minutes", 1), "buffer_time", Map.of("minutes", 15)),
                    ZoneOffset.UTC));
        }
        return rules;
    }

    private static List<Event> burst(String host, int from, int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Instant time = NOON.plusSeconds(from + i);
            events.add(new Event(
                    time,
                    new LinkedHashMap<>(Map.of("@timestamp", time.toString(), "host", host, "_id", host + time))));
        }
        return events;
    }

    private static List<Object> hosts(RuleType type) {
        return type.takeMatches().stream().map(match -> match.get("host")).toList();
    }

    @Test
    void aLowerSeverityDropsOnlyTheKeysThatMatchTheHigherOne() throws Exception {
        List<Rule> rules = rules("severities: {warning: {num_events: 3}, critical: {num_events: 6}}");
        List<Event> events = new ArrayList<>(burst("a", 0, 7));
        events.addAll(burst("b", 0, 4));
        RuleType warning = RuleType.open(rules.get(0), JSON.createObjectNode());
        RuleType critical = RuleType.open(rules.get(1), JSON.createObjectNode());
        warning.addDocuments(events);
        critical.addDocuments(events);
        assertThat(hosts(warning)).containsExactly("b");
        assertThat(hosts(critical)).containsExactly("a");
    }

    @Test
    void aLowerSeverityDropsMatchesForTheRealertOfTheHigherOneAlsoAfterARestart() throws Exception {
        Rule rule = rules("severities: {warning: {num_events: 3}, critical: {num_events: 6, realert: {minutes: 20}}}")
                .get(0);
        RuleType warning = RuleType.open(rule, JSON.createObjectNode());
        warning.addDocuments(burst("a", 0, 7));
        assertThat(hosts(warning)).isEmpty();
        warning.collectGarbage(NOON.plusSeconds(10));
        warning = restarted(rule, warning);
        warning.addDocuments(burst("a", 1_100, 4));
        assertThat(hosts(warning)).isEmpty();
        warning.addDocuments(burst("a", 1_500, 4));
        assertThat(hosts(warning)).containsExactly("a");
    }

    @Test
    void theEventsOfTheHigherSeverityAreKnownAfterARestart() throws Exception {
        Rule rule = rules("severities: {warning: {num_events: 4}, critical: {num_events: 6}}")
                .get(0);
        RuleType warning = RuleType.open(rule, JSON.createObjectNode());
        warning.addDocuments(burst("a", 0, 3));
        warning = restarted(rule, warning);
        warning.addDocuments(burst("a", 3, 3));
        assertThat(hosts(warning)).isEmpty();
    }

    @Test
    void countsOfTermsAreComparedToo() throws Exception {
        Rule rule = rules("use_terms_query: true\nseverities: {warning: {num_events: 3}, critical: {num_events: 6}}")
                .get(0);
        RuleType warning = RuleType.open(rule, JSON.createObjectNode());
        warning.addTerms(NOON, Map.of("a", 7L, "b", 4L));
        assertThat(hosts(warning)).containsExactly("b");
    }

    @Test
    void aMetricAboveTheHigherThresholdMatchesOnlyTheHigherSeverity() throws Exception {
        String metric = "type: metric_aggregation\nmetric_agg_key: ms\nmetric_agg_type: max\n"
                + "severities: {warning: {max_threshold: 10}, critical: {max_threshold: 100}}";
        Rule rule = rules(metric).get(0);
        RuleType warning = RuleType.open(rule, JSON.createObjectNode());
        warning.addBuckets(NOON, List.of(bucket("a", 50), bucket("b", 500)));
        assertThat(hosts(warning)).containsExactly("a");
    }

    @Test
    void keysThatAreNoLongerCoveredAreForgottenWithAggregationsToo() throws Exception {
        Rule rule = rules("type: metric_aggregation\nmetric_agg_key: ms\nmetric_agg_type: max\n"
                        + "severities: {warning: {max_threshold: 10}, critical: {max_threshold: 100}}")
                .get(0);
        RuleType warning = RuleType.open(rule, JSON.createObjectNode());
        for (int minute = 0; minute < 100; minute++) {
            warning.addBuckets(NOON.plusSeconds(60 * minute), List.of(bucket("a" + minute, 500)));
            assertThat(warning.takeMatches()).isEmpty();
        }
        assertThat(warning.state().get("covered").size()).isBetween(20, 30);
    }

    private static Search.Bucket bucket(Object key, Number value) {
        return new Search.Bucket(List.of(key), null, 1, value);
    }

    private static RuleType restarted(Rule rule, RuleType type) throws Exception {
        JsonNode state = JSON.readTree(JSON.writeValueAsString(type.state()));
        return RuleType.open(rule, state);
    }
}
