package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

class EngineMiscRecordingsTest {

    static final Map<String, EngineDeviation> DEVIATIONS = Map.of(
            "es_outage_partial_segments",
                    EngineDeviation.unknown(
                            "a run that failed half way kept its matches, and the next run found them again",
                            (recorded, steps) -> assertThat(EngineRecordings.alertedIds(steps))
                                    .containsExactly("1", "2")),
            "reload_count_rule_overlaps",
                    EngineDeviation.unknown(
                            "an edited rule lost the end of its last run and counted documents twice",
                            (recorded, steps) -> assertThat(steps.stream()
                                            .flatMap(step -> step.statuses().stream())
                                            .mapToLong(EngineReplay.Status::hits)
                                            .sum())
                                    .isLessThanOrEqualTo(recorded.get("docs").size())));

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("engine_misc");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void alertsAreThoseOfElastAlert(JsonNode recorded) throws Exception {
        EngineDeviation.replay(recorded);
    }
}
