package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

class EngineRealertRecordingsTest {

    static final Map<String, EngineDeviation> DEVIATIONS = Map.of(
            "drop_match_still_silences",
            EngineDeviation.recognised(
                    "a match that an enhancement dropped silenced the next, which was lost",
                    (recorded, steps) ->
                            assertThat(EngineRecordings.alertedIds(steps)).containsExactly("2")));

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("engine_realert");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void alertsAreThoseOfElastAlert(JsonNode recorded) throws Exception {
        EngineDeviation.replay(recorded);
    }
}
