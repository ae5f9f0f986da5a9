package serai.watch.alert;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.Search;

/**
 * Something that a match gets before it is told, such as its top counts: asked for without waiting. A step that fails
 * leaves the match as it is, since an alert is worth more than what belongs to it.
 */
@FunctionalInterface
public interface MatchEnricher {

    /**
     * @param match is changed in place
     * @param now the time of the run
     */
    CompletableFuture<Void> finish(AlertRule rule, Map<String, Object> match, Instant now, Search search);
}
