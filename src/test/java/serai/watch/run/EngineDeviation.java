package serai.watch.run;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A recording that is not copied.
 *
 * @param why   what upstream does wrong
 * @param check shows on the same timeline what is done here
 */
record EngineDeviation(String why, Check check) {

    interface Check {
        void holds(JsonNode recorded, List<EnginePlay.Step> steps);
    }
}
