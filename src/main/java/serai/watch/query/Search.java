package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** A source of documents that answers the queries of rules. */
@FunctionalInterface
public interface Search {

    /**
     * Asks without waiting; the answer fails with {@link FailedException} when there is none, or only a part of one.
     */
    CompletableFuture<Answer> ask(Query query);

    /**
     * Checks the options of a rule that concern its source, when the rule is loaded.
     *
     * @throws RuleException when no query of this rule could be answered
     */
    default void check(Rule rule) throws RuleException {}

    /** A document that was found. */
    record Hit(String index, String id, Map<String, Object> source) {}

    /**
     * How many documents there are.
     *
     * @param documents all of them
     * @param terms those of each value, where values were asked for; else empty
     */
    record Count(long documents, Map<Object, Long> terms) {}

    /**
     * An innermost bucket.
     *
     * @param keys the values of the parts of its key, the outermost first; empty when documents are in no buckets
     * @param start the beginning of its interval, or null when time is not divided
     * @param documents the documents in it
     * @param value what was measured in it, null when there was nothing to measure; of a percentage the number of
     *     documents that match
     */
    record Bucket(List<Object> keys, Instant start, long documents, Number value) {}

    /**
     * The answer to a query; what was not asked for is empty, zero or null.
     *
     * @param hits documents in the order asked for
     * @param last where the next page begins, in the form of the source; null when there is none
     * @param late the documents of the time before
     * @param counts the documents of each interval, or of the whole window
     * @param buckets buckets with what was measured, or with values of a field
     */
    record Answer(List<Hit> hits, JsonNode last, long late, List<Count> counts, List<Bucket> buckets) {

        /** A page of documents. */
        public static Answer documents(List<Hit> hits, JsonNode last, long late) {
            return new Answer(hits, last, late, List.of(), List.of());
        }

        /** Counts of intervals, or of the whole window. */
        public static Answer counts(List<Count> counts, long late) {
            return new Answer(List.of(), null, late, counts, List.of());
        }

        /** Measures of all documents of the window. */
        public static Answer metrics(long documents, List<Bucket> buckets) {
            return new Answer(List.of(), null, 0, List.of(new Count(documents, Map.of())), buckets);
        }

        /** Values of a field. */
        public static Answer values(List<Bucket> buckets, JsonNode last) {
            return new Answer(List.of(), last, 0, List.of(), buckets);
        }
    }

    /** The query could not be answered in full; the run takes nothing from it. */
    class FailedException extends Exception {
        /** @param reason what failed, for the log and the page */
        public FailedException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    /** The server cannot be reached: the same holds for the other rules that ask it, and is logged once. */
    final class NoServerException extends FailedException {
        /** @param reason which server, since when and why */
        public NoServerException(String reason) {
            super(reason, null);
        }
    }

    /** The answer would be larger than is read, or than the server gives; that to a smaller page may not be. */
    final class TooLargeException extends FailedException {
        /** @param reason what is too large, and which limit to change */
        public TooLargeException(String reason) {
            super(reason, null);
        }
    }
}
