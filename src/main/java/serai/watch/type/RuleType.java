package serai.watch.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;

/**
 * Finds the matches of a rule. It takes the answers of the rule's queries in the order of time, as documents, counts,
 * buckets of terms or aggregations ({@link Rule#mode()}), and remembers what it needs between runs. Not thread-safe.
 */
public interface RuleType {

    /**
     * The type of a checked rule.
     *
     * @param state as {@link #state} returned it; empty for a new rule
     */
    static RuleType open(Rule rule, JsonNode state) {
        return RuleTypes.open(rule, state);
    }

    /** Takes documents, each only once. */
    default void addDocuments(List<Event> events) {
        throw new UnsupportedOperationException("this type takes aggregations");
    }

    /** Takes the answer of a count query for a time range with this end. */
    default void addCount(Instant end, long count) {
        throw new UnsupportedOperationException("this type takes documents");
    }

    /** Takes the buckets of a terms query for a time range with this end: the number of documents for each value. */
    default void addTerms(Instant end, Map<Object, Long> buckets) {
        throw new UnsupportedOperationException("this type takes documents");
    }

    /** Takes the innermost buckets of a query that ended at a time, with what was measured in them. */
    default void addBuckets(Instant end, List<Search.Bucket> buckets) {
        throw new UnsupportedOperationException("this type takes documents");
    }

    /**
     * The fields of documents that the type reads, besides the time and the query key; a star for all fields. Other
     * fields may be fetched later, for matches only.
     */
    default Set<String> fields() {
        return Set.of();
    }

    /**
     * What the type must know of the time before its first data, asked before they are given to it; empty when it knows
     * already, or needs nothing. When an answer is missing nothing of the run is kept, and the next run asks again.
     */
    default List<Query.FieldValues> baseline(Instant now) {
        return List.of();
    }

    /**
     * Takes the values of an answer to a query of {@link #baseline}; of one that was asked in pages those of each page.
     */
    default void takeBaseline(Query.FieldValues query, List<Search.Bucket> values) {
        throw new UnsupportedOperationException("this type asked for no baseline");
    }

    /** All answers have been taken: they are not asked for again. */
    default void endBaseline() {
        throw new UnsupportedOperationException("this type asked for no baseline");
    }

    /** Forgets what later events do not need; {@code end} is the end of the time that was queried so far. */
    default void collectGarbage(Instant end) {}

    /** The matches since the last call, in order; each has the fields of a document, or is like one. */
    List<Map<String, Object>> takeMatches();

    /** The sentence about a match in messages, with a blank line at its end; empty when there is none. */
    String matchText(Map<String, Object> match);

    /** What it must remember, for {@link #open}. */
    JsonNode state();
}
