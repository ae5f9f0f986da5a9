package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * What upstream is proved to do wrong (spec/elastalert.md 7, "Not to copy"). A recording that differs from what is done
 * here may differ by these only: with the fault put in (see {@link EngineFaults}) all of it must be the same.
 */
public enum EngineFault {
    /**
     * Windows, remembered documents and known terms are gone after a restart, and aggregations look at nothing for a
     * buffer_time.
     */
    FORGETS_AT_RESTART,
    /**
     * An edit of any option forgets the windows and how far a rule has come; a longer buffer_time finds what it had
     * found.
     */
    FORGETS_AT_EDIT,
    /** A match that an enhancement drops silences its key. */
    SILENCES_WHAT_IS_DROPPED,
    /** What is found again, in a bucket or a piece of time that overlaps the one before, is told again. */
    TELLS_AGAIN,
    /**
     * A document that comes late is missing from its count for ever; so is one that comes late while its rule does not
     * run.
     */
    LEAVES_OUT_WHAT_COMES_LATE,
    /** While no search is answered, what waits to be told is not found. */
    FINDS_NOTHING_THAT_WAITS,
    /**
     * A rule that looks at the whole timeframe counts documents again: a count on each run, others when they are
     * buffer_time old.
     */
    COUNTS_AGAIN;

    /** The faults that the rules and the steps of a recording may show. */
    static Set<EngineFault> possible(JsonNode recorded) {
        Set<EngineFault> faults = EnumSet.noneOf(EngineFault.class);
        recorded.get("expected_timeline").forEach(step -> {
            switch (step.get("do").asText()) {
                case "restart" -> faults.add(FORGETS_AT_RESTART);
                case "edit_rule" ->
                    faults.addAll(
                            step.path("set").has("buffer_time")
                                    ? Set.of(FORGETS_AT_EDIT, TELLS_AGAIN)
                                    : Set.of(FORGETS_AT_EDIT));
                case "outage_on" -> faults.add(FINDS_NOTHING_THAT_WAITS);
                default -> {}
            }
        });
        recorded.get("rules").forEach(rule -> rule(recorded, rule, faults));
        return faults;
    }

    private static void rule(JsonNode recorded, JsonNode rule, Set<EngineFault> faults) {
        if (rule.toString().contains("earecord.DropEnh")) {
            faults.add(SILENCES_WHAT_IS_DROPPED);
        }
        if (rule.has("bucket_interval") || rule.path("use_run_every_query_size").asBoolean()) {
            faults.add(TELLS_AGAIN);
        }
        if (StreamSupport.stream(recorded.path("docs").spliterator(), false).anyMatch(one -> one.has("visible_at"))) {
            faults.add(LEAVES_OUT_WHAT_COMES_LATE);
        }
        if (rule.path("scan_entire_timeframe").asBoolean()) {
            faults.add(COUNTS_AGAIN);
        }
    }
}
