package serai.watch.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import serai.watch.run.RuleState;

/**
 * A rule's state as {@code meta.rules} keeps it: what moves with each run has columns of its own, so that a run which
 * found nothing need not write the rest.
 *
 * @param rest all but the columns
 */
record StoredRuleState(long runs, Instant endsAt, Instant seenFrom, JsonNode rest) {

    static StoredRuleState of(RuleState state, String fingerprint) {
        ObjectNode kept = (ObjectNode) state.kept(fingerprint);
        kept.remove("run");
        JsonNode from = kept.remove("from");
        return new StoredRuleState(
                state.run(), state.endsAt(), from == null ? null : Instant.parse(from.asText()), kept);
    }

    /** Windows that meant something else, by their fingerprint, are let go. */
    RuleState state(String fingerprint) {
        if (endsAt == null) {
            return RuleState.NEW;
        }
        ObjectNode kept = rest.deepCopy();
        kept.put("run", runs).put("from", (seenFrom == null ? endsAt : seenFrom).toString());
        return RuleState.of(endsAt, kept, fingerprint);
    }
}
