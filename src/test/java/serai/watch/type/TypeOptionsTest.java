package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.watch.rule.RuleException;

/** A mistake in the options of a type is refused with its line, its name and a fix. */
class TypeOptionsTest {

    private static final String FRAME = "timeframe: {minutes: 5}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "blacklist | compare_key: u; blacklist: [1] | blacklist | quotes",
                "blacklist | compare_key: 5; blacklist: [a] | compare_key | field",
                "whitelist | compare_key: u; whitelist: [a] | ignore_null | must be set",
                "whitelist | compare_key: u; ignore_null: true | whitelist | list of texts",
                "change | compare_key: u; ignore_null: true | query_key | whose value",
                "frequency | num_events: 2.5; timeframe: {minutes: 5} | num_events | whole number",
                "frequency | num_events: 2; timeframe: {minutes: 0} | timeframe | longer than 0",
                "frequency | num_events: 2; timeframe: {minutes: 5}; attach_related: | attach_related | has no value",
                "spike | spike_height: 0; spike_type: up; timeframe: {minutes: 5} | spike_height | above 0",
                "spike | spike_height: 2; spike_type: sideways; timeframe: {minutes: 5} | spike_type | both, down, up",
                "spike | spike_height: 2; spike_type: up; timeframe: {minutes: 5}; threshold_cur: 1.5 | threshold_cur | whole number",
                "cardinality | cardinality_field: u; timeframe: {minutes: 5} | max_cardinality | min_cardinality",
                "new_term | fields: [] | fields | empty",
                "new_term | owner: me | fields | query_key",
                "new_term | fields: [u]; query_key: v; use_terms_query: true | use_terms_query | the same",
                "new_term | fields: [u]; window_step_size: {seconds: 1} | window_step_size | longer steps",
                "new_term | fields: [u]; start_date: yesterday | start_date | such as",
                "metric_aggregation | metric_agg_key: cpu; metric_agg_type: median; max_threshold: 1 | metric_agg_type | avg",
                "metric_aggregation | metric_agg_key: cpu; metric_agg_type: percentiles; max_threshold: 1 | percentile_range | 95",
                "metric_aggregation | metric_agg_key: cpu; metric_agg_type: avg | max_threshold | min_threshold",
                "metric_aggregation | metric_agg_key: cpu; metric_agg_type: avg; max_threshold: 1; bucket_interval: {minutes: 7}"
                        + " | bucket_interval | buffer_time",
                "metric_aggregation | metric_agg_key: cpu; metric_agg_type: avg; max_threshold: 1; metric_format_string: 'much'"
                        + " | metric_format_string | %.2f",
                "spike_aggregation | metric_agg_key: c; metric_agg_type: avg; spike_height: 2; spike_type: up; timeframe: {minutes: 5};"
                        + " bucket_interval: {minutes: 5} | bucket_interval | remove it",
                "percentage_match | match_bucket_filter: x; max_percentage: 1 | match_bucket_filter | list of queries",
                "percentage_match | match_bucket_filter: [{term: {a: 1}}] | max_percentage | min_percentage",
                "any | use_count_query: true | use_count_query | needs documents"
            })
    void aWrongOptionIsRefusedWithLineReasonAndFix(String type, String options, String field, String fix) {
        assertThatThrownBy(() -> ReplayedType.rule(("type: " + type + ";" + options).split("; ?")))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.field()).isEqualTo(field);
                    assertThat(e.line()).isNotNull();
                    assertThat(e.getMessage()).contains(fix);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"elastalert_modules.mine.MyRule", "wat", "Spike"})
    void aRuleTypeThatDoesNotExistIsRefusedWithTheTypesThatDo(String type) {
        assertThatThrownBy(() -> ReplayedType.rule("type: " + type))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining(type)
                .hasMessageContaining("any, blacklist");
    }

    @Test
    void aThresholdThatIsNeverReachedIsAccepted() {
        assertThatCode(() -> ReplayedType.rule("type: flatline", "threshold: -1", FRAME))
                .doesNotThrowAnyException();
        assertThatCode(() -> ReplayedType.rule(
                        "type: spike_aggregation",
                        "metric_agg_key: t",
                        "metric_agg_type: min",
                        "spike_height: 2",
                        "spike_type: up",
                        FRAME,
                        "threshold_ref: -2.5"))
                .doesNotThrowAnyException();
    }

    @Test
    void aListMayBeInAFileAndAMissingFileIsRefused(@TempDir Path folder) throws Exception {
        Path list = Files.writeString(folder.resolve("list.txt"), "one  \ntwo\n\n");
        ReplayedType played =
                ReplayedType.of("type: blacklist", "compare_key: user", "blacklist: ['!file " + list + "', three]");
        played.document(0, "user", "one")
                .document(1, "user", "three")
                .document(2, "user", "")
                .document(3, "user", "four");
        assertThat(played.ids()).containsExactly("e1", "e2", "e3");
        assertThatThrownBy(() -> ReplayedType.rule(
                        "type: blacklist", "compare_key: user", "blacklist: ['!file " + folder + "/none']"))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.field()).isEqualTo("blacklist"))
                .hasMessageContaining(folder + "/none");
    }
}
