package serai.watch.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The response of a search server to one query.
 *
 * @param hits the documents, in the order asked for
 * @param last the sort values of the last document, or null when there is none
 * @param total the documents that match, when they were counted; else 0
 * @param aggregations the aggregations by name as the server gives them; an empty object when there are none
 */
public record ElasticsearchResponse(List<Search.Hit> hits, JsonNode last, long total, ObjectNode aggregations) {

    /** The same as the answer to the query that was sent. */
    public Search.Answer answer(Query query) {
        long late = TermAggregations.late(aggregations);
        if (query instanceof Query.Counts counts) {
            return Search.Answer.counts(TermAggregations.counts(counts, total, aggregations), late);
        }
        if (query instanceof Query.Metrics metrics) {
            return Search.Answer.metrics(total, new MetricAggregation(metrics).buckets(aggregations));
        }
        if (query instanceof Query.FieldValues values) {
            return TermAggregations.values(values, aggregations);
        }
        return Search.Answer.documents(hits, last, late);
    }
}
