package serai.refresh;

import java.time.Instant;
import java.util.Map;
import serai.warehouse.TimeWindow;
import serai.warehouse.Warehouse;

/**
 * What all materializations of one run share.
 *
 * @param now the time of the run, the same for all of them
 * @param runId the run's id in {@code meta.runs}; 0 when no model has the parameter {@code :run_id}
 * @param days of the only model that is refreshed, which a command names; or null
 */
record RunContext(
        Warehouse warehouse,
        ModelGraph graph,
        RefreshSettings settings,
        Instant now,
        long runId,
        RefreshTarget.Days days) {

    /** A run that calculates what changed. */
    static RunContext of(Warehouse warehouse, ModelGraph graph, RefreshSettings settings, Instant now) {
        return new RunContext(warehouse, graph, settings, now, 0, null);
    }

    /** The parameters of a table. */
    Map<String, Object> parameters() {
        return Map.of("now", now, "run_id", runId);
    }

    /** The parameters of a model over all time. */
    Map<String, Object> parametersOfAll() {
        return Map.of("from", "-infinity", "to", "infinity", "now", now, "run_id", runId);
    }

    /** The parameters of a model that is written day by day. */
    Map<String, Object> parameters(TimeWindow window) {
        return Map.of("from", window.from(), "to", window.to(), "now", now, "run_id", runId);
    }
}
