package serai.watch.run;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A recording that is not copied.
 *
 * @param why   what upstream does wrong
 * @param check shows on the same timeline what is done here
 */
record EngineDeviation(String why, Check check) {

    /** The deviation that a recording of the engine is listed with, if any. */
    static Optional<EngineDeviation> of(String recording) {
        return Stream.of(EngineRealertRecordingsTest.DEVIATIONS, EngineAlertAggregationRecordingsTest.DEVIATIONS,
                EngineMiscRecordingsTest.DEVIATIONS, EngineWindowsRecordingsTest.DEVIATIONS,
                EngineAggregationWindowsRecordingsTest.DEVIATIONS).map(list -> list.get(recording)).filter(Objects::nonNull).findFirst();
    }

    interface Check {
        void holds(JsonNode recorded, List<EnginePlay.Step> steps);
    }
}
