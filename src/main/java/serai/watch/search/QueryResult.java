package serai.watch.search;

import serai.watch.query.ElasticsearchResponse;

/**
 * What a reply contains for one query.
 *
 * @param answer the answer, or null
 * @param reason why there is no answer, or null
 * @param tooLarge whether a smaller query may be answered
 * @param noIndex whether no index was searched
 */
record QueryResult(ElasticsearchResponse answer, String reason, boolean tooLarge, boolean noIndex) {

    static QueryResult of(ElasticsearchResponse answer) {
        return new QueryResult(answer, null, false, false);
    }

    static QueryResult refused(String reason) {
        return refused(reason, false);
    }

    static QueryResult refused(String reason, boolean tooLarge) {
        return new QueryResult(null, reason, tooLarge, false);
    }
}
