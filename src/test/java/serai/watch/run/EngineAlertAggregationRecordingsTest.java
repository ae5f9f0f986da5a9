package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

class EngineAlertAggregationRecordingsTest {

    static final Map<String, EngineDeviation> DEVIATIONS = Map.of();

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("engine_alert_aggregation");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void alertsAreThoseOfElastAlert(JsonNode recorded) throws Exception {
        EngineDeviation.replay(recorded);
    }
}
