package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

class MetricAggregationRecordingsTest {

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("metric_aggregation");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void findsWhatElastAlertFound(JsonNode recorded) throws Exception {
        RuleTypeRecordings.play(recorded);
    }
}
