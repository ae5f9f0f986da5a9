package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

class EngineAggregationWindowsRecordingsTest {

    static final Map<String, EngineDeviation> DEVIATIONS = Map.of(
            "use_run_every_repeat_matches",
                    EngineDeviation.recognised(
                            "one bad minute matched in every run of a buffer_time",
                            (recorded, steps) -> assertThat(EngineRecordings.alertedIds(steps))
                                    .containsExactly("2024-03-01T12:03:00Z")),
            "restart_soon_is_blind",
                    EngineDeviation.unknown(
                            "after a restart nothing was queried until a buffer_time had passed",
                            (recorded, steps) -> assertThat(steps)
                                    .filteredOn(step -> !step.requests().isEmpty())
                                    .hasSameSizeAs(steps.stream()
                                            .filter(step -> !step.statuses().isEmpty())
                                            .toList())));

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("engine_aggregation_windows");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void alertsAreThoseOfElastAlert(JsonNode recorded) throws Exception {
        EngineDeviation.replay(recorded);
    }
}
