package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A recording that shows a fault of upstream, which Serai does not copy.
 *
 * @param why what upstream does wrong
 * @param recognised whether the fault is an {@link EngineFault}: the recording is then compared with a replay that has
 *     the fault; otherwise it is not compared
 * @param check checks what Serai does on the same timeline
 */
record EngineDeviation(String why, boolean recognised, Check check) {

    /** A check of a replay. */
    interface Check {
        void check(JsonNode recorded, List<EngineReplay.Step> steps);
    }

    static EngineDeviation unknown(String why, Check check) {
        return new EngineDeviation(why, false, check);
    }

    static EngineDeviation recognised(String why, Check check) {
        return new EngineDeviation(why, true, check);
    }

    /** The deviation that a recording of the engine is listed with, if any. */
    static Optional<EngineDeviation> of(String recording) {
        return Stream.of(
                        EngineRealertRecordingsTest.DEVIATIONS,
                        EngineAlertAggregationRecordingsTest.DEVIATIONS,
                        EngineMiscRecordingsTest.DEVIATIONS,
                        EngineWindowsRecordingsTest.DEVIATIONS,
                        EngineAggregationWindowsRecordingsTest.DEVIATIONS)
                .map(list -> list.get(recording))
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Replays a recording in memory: its alerts must be those of upstream, or those that its deviation names. */
    static void replay(JsonNode recorded) throws Exception {
        Optional<EngineDeviation> deviation = of(recorded.get("name").asText());
        if (deviation.map(EngineDeviation::recognised).orElse(true)) {
            EngineRecordings.replay(recorded, new InMemoryEnvironment());
        }
        if (deviation.isPresent()) {
            deviation.get().check().check(recorded, EngineRecordings.steps(recorded, new InMemoryEnvironment()));
        }
    }
}
