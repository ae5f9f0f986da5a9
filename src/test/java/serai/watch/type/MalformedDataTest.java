package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.watch.query.Query;
import serai.watch.rule.Event;

/** Data that disables a rule in ElastAlert, or leads to wrong matches there, and what happens here. */
class MalformedDataTest {

    @Test
    void aBlacklistChecksEachValueOfAList() throws Exception {
        ReplayedType played = ReplayedType.of("type: blacklist", "compare_key: user", "blacklist: [bad]");
        played.document(0, "user", List.of("good", "bad"))
                .document(1, "user", List.of("good"))
                .document(2, "user", Map.of("a", "bad"))
                .document(3, "user", List.of());
        assertThat(played.ids()).containsExactly("e1");
    }

    @Test
    void aWhitelistChecksEachValueOfAListAndAnEmptyListIsMissing() throws Exception {
        ReplayedType played =
                ReplayedType.of("type: whitelist", "compare_key: user", "whitelist: [ok]", "ignore_null: true");
        played.document(0, "user", List.of("ok"))
                .document(1, "user", List.of("ok", "evil"))
                .document(2, "user", List.of())
                .document(3, "user", Map.of("ok", "ok"));
        assertThat(played.ids()).containsExactly("e2", "e4");
        ReplayedType nulls =
                ReplayedType.of("type: whitelist", "compare_key: user", "whitelist: [ok]", "ignore_null: false");
        nulls.document(0, "user", Arrays.asList("ok", null)).document(1, "user", List.of());
        assertThat(nulls.ids()).containsExactly("e1", "e2");
    }

    @Test
    void changeRulesShareNoValues() throws Exception {
        ReplayedType framed = ReplayedType.of(
                "type: change",
                "compare_key: country",
                "query_key: user",
                "ignore_null: true",
                "timeframe: {minutes: 1}");
        ReplayedType free =
                ReplayedType.of("type: change", "compare_key: country", "query_key: user", "ignore_null: true");
        framed.document(0, "user", "a", "country", "SE");
        free.document(0, "user", "a", "country", "DE").document(600, "user", "a", "country", "FR");
        assertThat(framed.matches()).isEmpty();
        assertThat(free.values("old_value")).containsExactly(List.of("DE"));
    }

    @Test
    void theTimeframeOfAChangeBeginsWithTheLastEventOfTheKey() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: change",
                "compare_key: country",
                "query_key: user",
                "ignore_null: true",
                "timeframe: {seconds: 10}");
        played.document(0, "user", "a", "country", "SE")
                .document(8, "user", "a", "country", "SE")
                .document(18, "user", "a", "country", "NO")
                .document(28.001, "user", "a", "country", "DK");
        assertThat(played.ids()).containsExactly("e3");
    }

    @Test
    void anAverageWithoutDocumentsIsSkippedInASpike() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: spike_aggregation",
                "metric_agg_key: cpu",
                "metric_agg_type: avg",
                "spike_height: 2",
                "spike_type: up",
                "timeframe: {minutes: 5}");
        played.aggregations(0, "{'metric_cpu_avg': {'value': 10}}".replace('\'', '"'))
                .aggregations(300, "{'metric_cpu_avg': {'value': 10}}".replace('\'', '"'))
                .aggregations(420, "{'metric_cpu_avg': {'value': null}}".replace('\'', '"'))
                .aggregations(600, "{'metric_cpu_avg': {'value': 20}}".replace('\'', '"'));
        assertThat(played.matches())
                .singleElement()
                .satisfies(match -> assertThat(match)
                        .containsEntry("@timestamp", "2024-03-01T12:10:00Z")
                        .containsEntry("spike_count", 20.0)
                        .containsEntry("reference_count", 10.0));
    }

    @Test
    void theEndOfATimeRangeWithoutDocumentsIsNoValueOfZero() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: spike_aggregation",
                "metric_agg_key: cpu",
                "metric_agg_type: min",
                "spike_height: 2",
                "spike_type: down",
                "timeframe: {minutes: 5}");
        for (int i = 0; i < 20; i++) {
            played.aggregations(i * 60, "{\"metric_cpu_min\": {\"value\": 10}}").time(i * 60);
        }
        assertThat(played.matches()).isEmpty();
    }

    @Test
    void keysOfASpikeMayBeNumbers() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: spike_aggregation",
                "metric_agg_key: cpu",
                "metric_agg_type: max",
                "spike_height: 2",
                "spike_type: up",
                "timeframe: {minutes: 5}",
                "query_key: code");
        int[] values = {5, 5, 10};
        for (int i = 0; i < values.length; i++) {
            played.aggregations(
                    300 * i,
                    "{\"bucket_aggs\": {\"buckets\": [{\"key\": 200, \"metric_cpu_max\": {\"value\": " + values[i]
                            + "}}, {\"key\": 404, \"metric_cpu_max\": {\"value\": 5}}]}}");
        }
        assertThat(played.values("code")).containsExactly(200);
    }

    /** ElastAlert keeps a running sum, with the rounding errors of all values so far. */
    @Test
    void aSumHasNoRoundingErrorsOfValuesThatLeft() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: spike_aggregation",
                "metric_agg_key: cpu",
                "metric_agg_type: sum",
                "spike_height: 2",
                "spike_type: up",
                "timeframe: {minutes: 5}");
        double[] values = {1e20, 1, 0.1, 0.8};
        for (int i = 0; i < values.length; i++) {
            played.aggregations(300 * i, "{\"metric_cpu_sum\": {\"value\": " + values[i] + "}}");
        }
        assertThat(played.matches())
                .singleElement()
                .satisfies(match ->
                        assertThat(match).containsEntry("spike_count", 0.8).containsEntry("reference_count", 0.1));
    }

    /** In ElastAlert the value would be forgotten a timeframe after the late document. */
    @Test
    void aLateDocumentDoesNotMakeAValueOlder() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: cardinality", "cardinality_field: user", "min_cardinality: 2", "timeframe: {minutes: 5}");
        played.document(0, "user", "a")
                .document(1, "user", "b")
                .document(240, "user", "a")
                .document(241, "user", "b")
                .document(20, "user", "a")
                .time(400);
        assertThat(played.matches()).isEmpty();
        played.time(541);
        assertThat(played.matches()).hasSize(1);
    }

    @Test
    void aDocumentWithoutATimeIsRejected() {
        for (String time : List.of("", "not a date")) {
            Map<String, Object> source = time.isEmpty() ? Map.of("a", 1) : Map.of("@timestamp", time);
            assertThatThrownBy(() -> Event.of(ReplayedType.rule("type: any"), source, "logs", "1"))
                    .isInstanceOf(Event.NoTimeException.class)
                    .hasMessageContaining("@timestamp");
        }
    }

    @Test
    void aTimeWithAnOffsetWithoutAColonIsNotRejectedAndBecomesIsoText() throws Exception {
        Event event = Event.of(
                ReplayedType.rule("type: any"), Map.of("@timestamp", "2024-03-01T12:00:00,5+0200"), "logs", "1");

        assertThat(event.time()).isEqualTo("2024-03-01T10:00:00.500Z");
        assertThat(event.fields()).containsEntry("@timestamp", "2024-03-01T10:00:00.500Z");
    }

    @Test
    void percentagesWorkForACompoundKey() throws Exception {
        ReplayedType played = ReplayedType.of(
                "type: percentage_match",
                "match_bucket_filter: [{term: {a: 1}}]",
                "max_percentage: 10",
                "query_key: [host, code]");
        played.aggregations(
                0,
                "{\"bucket_aggs\": {\"buckets\": [{\"key\": \"a\", \"bucket_aggs\": {\"buckets\": [{\"key\": 200,"
                        + "\"percentage_match_aggs\": {\"buckets\": {\"match_bucket\": {\"doc_count\": 1},"
                        + "\"_other_\": {\"doc_count\": 3}}}}]}}]}}");
        assertThat(played.matches())
                .singleElement()
                .satisfies(match -> assertThat(match)
                        .containsEntry("host", "a")
                        .containsEntry("code", 200)
                        .containsEntry("host,code", "a,200")
                        .containsEntry("percentage", 25.0));
    }

    @Test
    void anAnswerWithoutAggregationsIsNoMatch() throws Exception {
        assertThat(ReplayedType.of(
                                "type: metric_aggregation",
                                "metric_agg_key: cpu",
                                "metric_agg_type: avg",
                                "min_threshold: 1")
                        .aggregations(0, "{}")
                        .matches())
                .isEmpty();
        assertThat(ReplayedType.of(
                                "type: percentage_match", "match_bucket_filter: [{term: {a: 1}}]", "min_percentage: 10")
                        .aggregations(0, "{}")
                        .matches())
                .isEmpty();
        assertThat(ReplayedType.of(
                                "type: spike_aggregation",
                                "metric_agg_key: cpu",
                                "metric_agg_type: sum",
                                "spike_height: 2",
                                "spike_type: both",
                                "timeframe: {minutes: 5}")
                        .aggregations(0, "{}")
                        .aggregations(900, "{}")
                        .aggregations(1800, "{}")
                        .values("spike_count"))
                .doesNotContain((Object) null);
    }

    @Test
    void noValueOfAFieldStopsAType() throws Exception {
        List<Object> values = new ArrayList<>(Arrays.asList(
                null,
                "",
                0,
                -1.5,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                true,
                List.of(),
                List.of(List.of("x"), 1),
                Map.of(),
                Map.of("a", List.of()),
                "\u0000",
                "x".repeat(4_000),
                Long.MAX_VALUE,
                new java.math.BigInteger("9".repeat(400))));
        for (String[] rule : documentRules()) {
            ReplayedType played = ReplayedType.of(rule);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < values.size(); i++) {
                    played.document(round * 700 + i, "key", values.get(i), "value", values.get(values.size() - 1 - i))
                            .time(round * 700 + i);
                }
            }
            played.time(100_000);
        }
    }

    private static List<String[]> documentRules() {
        List<String[]> rules = new ArrayList<>();
        String frame = "timeframe: {minutes: 5}";
        for (String key : List.of("query_key: key", "query_key: [key, value]", "owner: nobody")) {
            rules.add(new String[] {"type: blacklist", "compare_key: value", "blacklist: [x]", key});
            rules.add(new String[] {"type: whitelist", "compare_key: value", "whitelist: [x]", "ignore_null: false", key
            });
            rules.add(new String[] {"type: frequency", "num_events: 2", frame, key, "attach_related: true"});
            rules.add(new String[] {"type: flatline", "threshold: 3", frame, key});
            rules.add(new String[] {"type: spike", "spike_height: 2", "spike_type: both", frame, key});
            rules.add(
                    new String[] {"type: spike", "spike_height: 2", "spike_type: both", frame, key, "field_value: value"
                    });
            rules.add(new String[] {
                "type: cardinality", "cardinality_field: value", frame, key, "min_cardinality: 2", "max_cardinality: 4"
            });
            rules.add(
                    new String[] {"type: new_term", "fields: [value, [key, value]]", "alert_on_missing_field: true", key
                    });
        }
        rules.add(new String[] {"type: change", "compare_key: [value]", "query_key: key", "ignore_null: true", frame});
        rules.add(
                new String[] {"type: change", "compare_key: [value]", "query_key: [key, value]", "ignore_null: false"});
        return rules;
    }

    @Test
    void aFailedBaselineIsQueriedAgainAndACompletedOneIsNot() throws Exception {
        RuleType type = RuleType.open(ReplayedType.rule("type: new_term", "fields: [user]"), MissingNode.getInstance());
        assertThat(type.baseline(ReplayedType.T0)).hasSize(30);
        RuleType again = RuleType.open(ReplayedType.rule("type: new_term", "fields: [user]"), type.state());
        List<Query.FieldValues> queries = again.baseline(ReplayedType.T0);
        assertThat(queries).hasSize(30);
        queries.forEach(query -> again.takeBaseline(query, List.of()));
        again.endBaseline();
        assertThat(RuleType.open(ReplayedType.rule("type: new_term", "fields: [user]"), again.state())
                        .baseline(ReplayedType.T0))
                .isEmpty();
    }

    @Test
    void aMatchNamesTheEarlierFieldsOfTheSameDocumentToo() throws Exception {
        ReplayedType played = ReplayedType.of("type: new_term", "fields: [user, host]", "alert_on_missing_field: true");
        played.document(0, "host", "h");
        assertThat(played.matches()).hasSize(2);
        assertThat(played.matches().get(1))
                .containsEntry("missing_field", "user")
                .containsEntry("new_field", "host");
        assertThat(new LinkedHashMap<>(played.matches().get(0))).doesNotContainKey("new_field");
    }
}
