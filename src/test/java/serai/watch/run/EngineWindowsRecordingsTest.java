package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

import serai.watch.rule.Recordings;

class EngineWindowsRecordingsTest {

    /** Recordings that are not copied, each with what is better here and the test that shows it. */
    private static final Map<String, String> DEVIATIONS = Map.of();

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("engine_windows");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void tellsWhatElastAlertTold(JsonNode recorded) throws Exception {
        if (DEVIATIONS.containsKey(recorded.get("name").asText())) {
            assertThatThrownBy(() -> EngineRecordings.play(recorded, new MemoryWorld())).isInstanceOf(AssertionError.class);
            return;
        }
        EngineRecordings.play(recorded, new MemoryWorld());
    }
}
