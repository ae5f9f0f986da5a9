package serai.watch.alert;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.query.Search;

/**
 * Adds fields to a match before its alert, such as top counts, without blocking. When it fails, the alert is sent
 * without these fields.
 */
@FunctionalInterface
public interface MatchEnricher {

    /**
     * @param match is changed in place
     * @param now the time of the run
     */
    CompletableFuture<Void> enrich(AlertRule rule, Map<String, Object> match, Instant now, Search search);
}
