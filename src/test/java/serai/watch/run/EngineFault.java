package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Faults of upstream that Serai does not copy ({@code docs/reference/elastalert.md}, "Known faults"). A recording may
 * differ from Serai by these only: a replay with the fault (see {@link EngineFaults}) must equal it.
 */
public enum EngineFault {
    /**
     * Windows, remembered documents and known terms are lost at a restart, and aggregations query nothing for a
     * buffer_time.
     */
    LOSES_STATE_AT_RESTART,
    /**
     * An edit of any option loses the windows and the end of the last run; with a longer buffer_time documents are
     * found again.
     */
    LOSES_STATE_AT_EDIT,
    /** A match that an enhancement drops silences its key. */
    SILENCES_DROPPED_MATCHES,
    /** A match that is found again, in a bucket or a segment that overlaps the one before, is alerted again. */
    ALERTS_AGAIN,
    /** A late document is never counted; one that comes late while its rule does not run is never found. */
    LOSES_LATE_DOCUMENTS,
    /** While searches fail, pending alerts are not found. */
    FINDS_NO_PENDING_ALERTS,
    /**
     * A rule with scan_entire_timeframe counts documents again: count rules in each run, others when the documents are
     * older than buffer_time.
     */
    COUNTS_AGAIN;

    /** The faults that the rules and the steps of a recording may show. */
    static Set<EngineFault> possible(JsonNode recorded) {
        Set<EngineFault> faults = EnumSet.noneOf(EngineFault.class);
        recorded.get("expected_timeline").forEach(step -> {
            switch (step.get("do").asText()) {
                case "restart" -> faults.add(LOSES_STATE_AT_RESTART);
                case "edit_rule" ->
                    faults.addAll(
                            step.path("set").has("buffer_time")
                                    ? Set.of(LOSES_STATE_AT_EDIT, ALERTS_AGAIN)
                                    : Set.of(LOSES_STATE_AT_EDIT));
                case "outage_on" -> faults.add(FINDS_NO_PENDING_ALERTS);
                default -> {}
            }
        });
        recorded.get("rules").forEach(rule -> rule(recorded, rule, faults));
        return faults;
    }

    private static void rule(JsonNode recorded, JsonNode rule, Set<EngineFault> faults) {
        if (rule.toString().contains("earecord.DropEnh")) {
            faults.add(SILENCES_DROPPED_MATCHES);
        }
        if (rule.has("bucket_interval") || rule.path("use_run_every_query_size").asBoolean()) {
            faults.add(ALERTS_AGAIN);
        }
        if (StreamSupport.stream(recorded.path("docs").spliterator(), false).anyMatch(one -> one.has("visible_at"))) {
            faults.add(LOSES_LATE_DOCUMENTS);
        }
        if (rule.path("scan_entire_timeframe").asBoolean()) {
            faults.add(COUNTS_AGAIN);
        }
    }
}
