package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;

/**
 * What a rule looks for. It is fed in the order of time, keeps what it must remember between runs, and hands out
 * matches. A type takes what the rule's query gives ({@link Rule#mode()}): documents, counts, buckets of terms or
 * aggregations. Not thread-safe.
 */
public interface RuleType {

    /** A rule's type with what it remembered; an empty object when it is new. */
    static RuleType open(Rule rule, JsonNode state) {
        return RuleTypes.open(rule, state);
    }

    /** Takes documents that were not seen before. */
    default void addDocuments(List<Event> events) {
        throw new UnsupportedOperationException("this type takes aggregations");
    }

    /** Takes the answer of a count query that ended at a time. */
    default void addCount(Instant end, long count) {
        throw new UnsupportedOperationException("this type takes documents");
    }

    /** Takes the buckets of a terms query that ended at a time: value and documents. */
    default void addTerms(Instant end, Map<Object, Long> buckets) {
        throw new UnsupportedOperationException("this type takes documents");
    }

    /** Takes the aggregations of a query that ended at a time, as the server gives them (spec/elastalert.md 1.3). */
    default void addAggregations(Instant end, JsonNode aggregations) {
        throw new UnsupportedOperationException("this type takes documents");
    }

    /**
     * Fields of documents that the type itself reads, beside the time and the query key, which every run needs; a star
     * when it needs whole documents. What else a match holds may be fetched once there is one.
     */
    default Set<String> fields() {
        return Set.of();
    }

    /**
     * What the type must know of the time before its first data, asked before they are given to it; empty when it knows
     * already, or needs nothing. When an answer is missing nothing of the run is kept, and the next run asks again.
     */
    default List<Baseline> baseline(Instant now) {
        return List.of();
    }

    /**
     * Takes the aggregations of an answer to a question of {@link #baseline}; of one that was asked in pages those of
     * each page.
     */
    default void takeBaseline(Baseline question, JsonNode aggregations) {
        throw new UnsupportedOperationException("this type asked for no baseline");
    }

    /** All answers have been taken: they are not asked for again. */
    default void endBaseline() {
        throw new UnsupportedOperationException("this type asked for no baseline");
    }

    /** Forgets what no later event can need; {@code end} is the end of the time queried so far. */
    default void collectGarbage(Instant end) {}

    /** The matches since the last call, in order; each is a document's fields or like one. */
    List<Map<String, Object>> takeMatches();

    /** The sentence that a message says about a match, ended by a blank line; empty when there is none. */
    String matchText(Map<String, Object> match);

    /** What it must remember, as {@link #open} takes it back. */
    JsonNode state();
}
