package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/**
 * A query of a rule: a range of time, and what is wanted of its documents. The rule says where the documents are and
 * which filters they pass. {@link ElasticsearchQuery} writes it for search servers, {@code serai.watch.source} as SQL.
 */
public sealed interface Query {

    /** The rule whose query it is. */
    Rule rule();

    /** The time that is searched; null for documents that are read by their ids. */
    Window window();

    /**
     * A page of documents, oldest first, and the number of those of the time before it.
     *
     * @param page the time of the documents
     * @param late the time before the page, whose documents are counted ({@link Search.Answer#late}); or null
     * @param fields names of fields as rules write them, a star for all; null for those of the option {@code include}
     * @param size the number of documents at most
     * @param after {@link Search.Answer#last} of the page before, or null for the first
     */
    record Documents(Rule rule, Window page, Window late, Collection<String> fields, int size, JsonNode after)
            implements Query {

        /** The first page of documents with the fields of the option {@code include}. */
        public static Documents first(Rule rule, Window page, int size) {
            return new Documents(rule, page, null, null, size, null);
        }

        @Override
        public Window window() {
            return late == null ? page : new Window(late.from(), page.to());
        }
    }

    /** Documents by their ids, with the fields of the option {@code include}; ids that are gone are left out. */
    record ById(Rule rule, Set<String> indices, Set<String> ids) implements Query {
        @Override
        public Window window() {
            return null;
        }
    }

    /**
     * The documents of intervals, counted: {@link Search.Answer#counts} in the order of the intervals. A rule of
     * {@link Rule.Mode#TERMS} also gets those of each value of its query key.
     *
     * @param intervals at least one, in order and without gaps
     * @param late the time before the intervals, whose documents are counted together; or null
     */
    record IntervalCounts(Rule rule, List<Window> intervals, Window late) implements Query {
        @Override
        public Window window() {
            Instant from = (late == null ? intervals.get(0) : late).from();
            return new Window(from, intervals.get(intervals.size() - 1).to());
        }
    }

    /**
     * The most frequent values of a field, as the one of {@link Search.Answer#counts}.
     *
     * @param where values that fields of the documents must have
     */
    record TopTerms(Rule rule, Window window, String field, int size, Map<String, Object> where) implements Query {}

    /**
     * The measure of a rule of {@link Rule.Mode#AGGREGATION} in each of its buckets: values of the query key, and
     * intervals within them. The documents of the window are counted too.
     *
     * @param start a moment at which an interval begins, as ElastAlert counts intervals from the start of a run
     */
    record Metrics(Rule rule, Window window, Instant start) implements Query {

        /** The parts of the query key, outermost bucket first; empty when there is none. */
        public List<String> keys() {
            return rule.queryKey() == null ? List.of() : List.of(rule.queryKey().split(","));
        }

        /** {@code bucket_interval}, or null when time is not divided. */
        public Duration interval() {
            return rule.option("bucket_interval_timedelta") instanceof Duration time ? time : null;
        }

        /** By how many seconds the intervals begin after whole multiples of their length. */
        public long offsetSeconds() {
            return interval() == null || rule.flag("sync_bucket_interval", false)
                    ? 0
                    : Math.floorMod(
                            start.getEpochSecond(), Math.max(1, interval().toSeconds()));
        }

        /** Whether the share of documents that pass {@code match_bucket_filter} is measured, and no field. */
        public boolean isPercentage() {
            return rule.type().equals("percentage_match");
        }

        /** The kind of measure, such as {@code avg}. */
        public String kind() {
            return Python.str(rule.option("metric_agg_type"));
        }

        /** The field that is measured. */
        public String field() {
            return Python.str(rule.option("metric_agg_key"));
        }
    }

    /**
     * The values that a field had in the time before a rule's first run, as {@link Search.Answer#buckets}.
     *
     * @param window here with its beginning and without its end
     * @param fields the field, or the parts of a composite one
     * @param size the number of values at most, or 0 for all at once
     * @param after {@link Search.Answer#last} of the page before, or null for the first
     */
    record FieldValues(Rule rule, Window window, List<String> fields, int size, JsonNode after) implements Query {}

    /** The number of values at most that a bucket of terms is divided into, {@code terms_size}. */
    default int termsSize() {
        return rule().whole("terms_size", 50);
    }

    /** The number of documents that a value of a bucket of terms has at least, {@code min_doc_count}. */
    default int minDocCount() {
        return rule().whole("min_doc_count", 1);
    }
}
