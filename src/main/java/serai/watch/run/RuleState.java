package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What a rule remembers between two runs. {@code meta.rules} has the times in columns, and the rest as JSON.
 *
 * @param endsAt the end of the time that was queried, or null before the first run
 * @param rememberedFrom every document taken after this time is remembered; null before the first run
 * @param seen the documents remembered, or the counts
 * @param type what the rule type remembers: its windows
 */
public record RuleState(Instant endsAt, Instant rememberedFrom, JsonNode seen, JsonNode type) {

    /** The state before the first run. */
    public static final RuleState NEW =
            new RuleState(null, null, JsonNodeFactory.instance.objectNode(), JsonNodeFactory.instance.objectNode());

    /**
     * The state of a rule in {@code meta.rules}.
     *
     * @param stored as {@link #stored} gave it
     * @param fingerprint the rule's fingerprint; with another one than that of {@code stored} the windows are dropped
     */
    public static RuleState of(Instant endsAt, Instant rememberedFrom, JsonNode stored, String fingerprint) {
        if (endsAt == null) {
            return NEW;
        }
        RuleState state = new RuleState(
                endsAt, rememberedFrom == null ? endsAt : rememberedFrom, stored.path("seen"), stored.path("type"));
        return fingerprint.equals(stored.path("fingerprint").asText()) ? state : state.withoutWindows();
    }

    /** A rule that begins at a time and queries nothing before it. */
    public static RuleState startingAt(Instant time) {
        return new RuleState(time, time, NEW.seen, NEW.type);
    }

    /** The same state without what the rule type remembers: an edit has changed what it means. */
    public RuleState withoutWindows() {
        return new RuleState(endsAt, rememberedFrom, seen, NEW.type);
    }

    /** The documents remembered; none where the state has counts. */
    JsonNode documents() {
        return seen.has("tallies") ? NEW.seen : seen;
    }

    /** What is stored beside the times. */
    public JsonNode stored(String fingerprint) {
        ObjectNode stored = JsonNodeFactory.instance.objectNode().put("fingerprint", fingerprint);
        stored.set("seen", seen);
        stored.set("type", type);
        return stored;
    }
}
