package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A recording that is not copied.
 *
 * @param why what upstream does wrong
 * @param recognised whether the comparison knows that fault, and holds the recording against a play with it
 *     ({@link EngineFault}); one that it does not know is not compared
 * @param check shows on the same timeline what is done here
 */
record EngineDeviation(String why, boolean recognised, Check check) {

    interface Check {
        void holds(JsonNode recorded, List<EngineReplay.Step> steps);
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

    /** Plays a recording in memory: what it tells is what upstream told, or what is said instead. */
    static void play(JsonNode recorded) throws Exception {
        Optional<EngineDeviation> deviation = of(recorded.get("name").asText());
        if (deviation.map(EngineDeviation::recognised).orElse(true)) {
            EngineRecordings.play(recorded, new InMemoryEnvironment());
        }
        if (deviation.isPresent()) {
            deviation.get().check().holds(recorded, EngineRecordings.steps(recorded, new InMemoryEnvironment()));
        }
    }
}
