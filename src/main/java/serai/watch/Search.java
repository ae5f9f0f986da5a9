package serai.watch;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Puts a query to Elasticsearch. */
@FunctionalInterface
interface Search {

    /** @throws FailedException when there is no answer, or only a part of one */
    Page page(List<String> indices, ObjectNode body) throws FailedException;

    /** A document found. */
    record Hit(String index, String id, Map<String, Object> source) {
    }

    /**
     * One answer.
     *
     * @param hits    the documents, in the order asked for
     * @param last    the sort values of the last document, or null
     * @param total   the documents that match, when they were counted
     * @param buckets the terms that were asked for and how many documents have each
     */
    record Page(List<Hit> hits, JsonNode last, long total, Map<Object, Long> buckets) {
    }

    /** The query could not be answered in full; the run takes nothing from it. */
    final class FailedException extends Exception {
        FailedException(String reason, Throwable cause) {
            super(reason, cause);
        }
    }
}
