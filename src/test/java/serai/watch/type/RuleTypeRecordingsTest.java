package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

class RuleTypeRecordingsTest {

    static Stream<Named<JsonNode>> cases() {
        return Stream.of(
                        "any",
                        "blacklist",
                        "cardinality",
                        "change",
                        "flatline",
                        "frequency",
                        "metric_aggregation",
                        "new_term",
                        "percentage_match",
                        "spike",
                        "spike_aggregation",
                        "whitelist")
                .flatMap(type -> Recordings.cases(type).map(c -> Named.of(type + ": " + c.getName(), c.getPayload())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aTypeFindsTheMatchesThatElastAlertFinds(JsonNode recorded) throws Exception {
        RuleTypeRecordings.play(recorded);
    }
}
