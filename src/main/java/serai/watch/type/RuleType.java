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

    /** Takes the innermost buckets of an aggregation query for a time range with this end, with their values. */
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
     * The queries for the values of the time before the first run, which the type needs before any data; empty when it
     * has them, or needs none. If one of them fails, the run has no effect and the next run repeats them.
     */
    default List<Query.FieldValues> baseline(Instant now) {
        return List.of();
    }

    /** Takes the answer of a query of {@link #baseline}, or a page of it. */
    default void takeBaseline(Query.FieldValues query, List<Search.Bucket> values) {
        throw new UnsupportedOperationException("this type has no baseline");
    }

    /** All answers of the baseline have been taken; it is not queried again. */
    default void endBaseline() {
        throw new UnsupportedOperationException("this type has no baseline");
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
