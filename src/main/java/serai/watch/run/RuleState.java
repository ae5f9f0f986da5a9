package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * What a rule knows between two runs, as {@code meta.rules} keeps it.
 *
 * @param run counts the runs, so that of two instances that ran at once only one commits
 * @param endsAt the end of the time that was queried, or null before the first run
 * @param from after this time every document that was taken is remembered; null before the first run
 * @param seen the documents remembered, or the counts
 * @param type what the rule type remembers
 */
public record RuleState(long run, Instant endsAt, Instant from, JsonNode seen, JsonNode type) {

    public static final RuleState NEW =
            new RuleState(0, null, null, JsonNodeFactory.instance.objectNode(), JsonNodeFactory.instance.objectNode());

    /** Reads the kept state; windows that meant something else, by their fingerprint, are let go. */
    public static RuleState of(Instant endsAt, JsonNode kept, String fingerprint) {
        if (endsAt == null || !kept.has("run")) {
            return new RuleState(kept.path("run").asLong(), null, null, NEW.seen, NEW.type);
        }
        boolean sameMeaning = fingerprint.equals(kept.path("fingerprint").asText());
        return new RuleState(
                kept.path("run").asLong(),
                endsAt,
                Instant.parse(kept.path("from").asText(endsAt.toString())),
                kept.path("seen"),
                sameMeaning ? kept.path("type") : NEW.type);
    }

    /** A rule that begins at a time and not before it. */
    public static RuleState startingAt(Instant time) {
        return new RuleState(0, time, time, NEW.seen, NEW.type);
    }

    /** The documents remembered; none where counts are. */
    JsonNode documents() {
        return seen.has("tallies") ? NEW.seen : seen;
    }

    public JsonNode kept(String fingerprint) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.put("run", run).put("fingerprint", fingerprint).put("from", from.toString());
        kept.set("seen", seen);
        kept.set("type", type);
        return kept;
    }
}
