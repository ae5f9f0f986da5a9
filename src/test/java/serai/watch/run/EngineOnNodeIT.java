package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

/** The recorded timelines against a real Elasticsearch. */
class EngineOnNodeIT {

    private static NodeEnvironment.Connection connection;

    static Stream<Named<JsonNode>> cases() {
        return Stream.of(
                        "engine_realert",
                        "engine_alert_aggregation",
                        "engine_misc",
                        "engine_windows",
                        "engine_aggregation_windows")
                .flatMap(Recordings::cases)
                .filter(named -> EngineDeviation.of(named.getName()).isEmpty());
    }

    @BeforeAll
    static void open() throws Exception {
        connection = NodeEnvironment.Connection.open();
    }

    @AfterAll
    static void close() {
        connection.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void alertsAreTheSameWithARealIndex(JsonNode recorded) throws Exception {
        EngineRecordings.replay(recorded, new NodeEnvironment(connection));
    }
}
