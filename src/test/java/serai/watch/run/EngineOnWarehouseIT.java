package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.rule.Recordings;

/** The recorded timelines with the alert store in PostgreSQL. */
class EngineOnWarehouseIT {

    private static final TestDatabase DATABASE = new TestDatabase();
    private static final Warehouse WAREHOUSE = DATABASE.warehouse();

    static Stream<Named<JsonNode>> cases() {
        return Stream.of("engine_realert", "engine_alert_aggregation", "engine_misc")
                .flatMap(Recordings::cases)
                .filter(named -> EngineDeviation.of(named.getName()).isEmpty());
    }

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void alertsAreTheSameWithTheWarehouse(JsonNode recorded) throws Exception {
        EngineRecordings.replay(recorded, new WarehouseEnvironment(new InMemoryEnvironment(), WAREHOUSE));
    }
}
