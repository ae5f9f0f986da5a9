package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** How a run asks for a rule's time, piece by piece. */
interface RangeReader {

    /** Asks for the next piece, without waiting; the answer is whether there is more to ask for. */
    CompletableFuture<Boolean> step();

    /** The end of the time that was looked at so far. */
    Instant reached();

    /** What must be remembered of it, so that the next run tells what came late from what was taken. */
    JsonNode remembered();

    /** The time after which everything taken is remembered. */
    Instant rememberedFrom();
}
