package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

class EngineWindowsRecordingsTest {

    static final Map<String, EngineDeviation> DEVIATIONS = Map.of(
            "frequency_restart_loses_window",
                    EngineDeviation.recognised(
                            "a restart lost half of the events",
                            (recorded, steps) -> assertThat(EngineRecordings.alertedIds(steps))
                                    .containsExactly("3")),
            "scan_entire_timeframe_recounts",
                    EngineDeviation.recognised(
                            "one document was counted again on every run",
                            (recorded, steps) -> assertThat(EngineRecordings.alertedIds(steps))
                                    .isEmpty()),
            "scan_entire_timeframe_count",
                    EngineDeviation.recognised(
                            "counts were added to the same counts of the run before",
                            (recorded, steps) -> assertThat(EngineRecordings.alertedIds(steps))
                                    .containsExactly("2024-03-01T12:01:00Z")),
            "max_scrolling_count",
                    EngineDeviation.unknown(
                            "documents after the last allowed page were never read",
                            (recorded, steps) -> assertThat(EngineRecordings.alertedIds(steps))
                                    .startsWith("0", "1", "2", "3", "4")
                                    .doesNotHaveDuplicates()),
            "start_argument",
                    EngineDeviation.unknown(
                            "the recording lacks the argument --start",
                            (recorded, steps) -> assertThat(steps)
                                    .allSatisfy(
                                            step -> assertThat(step.failed()).isEmpty())),
            "start_in_future",
                    EngineDeviation.unknown(
                            "the recording lacks the argument --start; RuleRunTest has a start in the future",
                            (recorded, steps) -> assertThat(EngineRecordings.alertedIds(steps))
                                    .isEmpty()));

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("engine_windows");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void alertsAreThoseOfElastAlert(JsonNode recorded) throws Exception {
        EngineDeviation.replay(recorded);
    }
}
