package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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
     * The documents of intervals, counted: {@link Search.Answer#counts} in the order of the intervals.
     *
     * @param intervals at least one, in order and without gaps
     * @param late the time before the intervals, whose documents are counted together; or null
     * @param terms the values of which the documents of each interval are counted too; or null
     * @param where values that fields of the documents must have beside the rule's filters
     */
    record Counts(Rule rule, List<Window> intervals, Window late, Terms terms, Map<String, Object> where)
            implements Query {

        @Override
        public Window window() {
            Instant from = (late == null ? intervals.get(0) : late).from();
            return new Window(from, intervals.get(intervals.size() - 1).to());
        }
    }

    /**
     * The most frequent values of a field.
     *
     * @param size the number of values at most
     * @param minDocuments the number of documents that a value has at least
     */
    record Terms(String field, int size, int minDocuments) {

        /** With the limits of the rule's options {@code terms_size} and {@code min_doc_count}. */
        public static Terms of(Rule rule, String field) {
            return new Terms(field, rule.whole("terms_size", 50), rule.whole("min_doc_count", 1));
        }
    }

    /**
     * The measure of a rule of {@link Rule.Mode#AGGREGATION} in each of its buckets: values of the query key, and
     * intervals within them. The documents of the window are counted too.
     *
     * @param start a moment at which an interval begins, as ElastAlert counts intervals from the start of a run
     */
    record Metrics(Rule rule, Window window, Instant start) implements Query {

        /** The buckets for the parts of the query key, outermost first; empty when there is none. */
        public List<Terms> keys() {
            return rule.queryKey() == null
                    ? List.of()
                    : Stream.of(rule.queryKey().split(","))
                            .map(key -> Terms.of(rule, key))
                            .toList();
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
}
