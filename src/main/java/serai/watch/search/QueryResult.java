package serai.watch.search;

import serai.watch.query.ElasticsearchResponse;

/**
 * One question's share of an answer: an answer, or why there is none.
 *
 * @param tooLarge whether the server would answer a smaller question
 * @param noIndex whether the question was put to no index at all
 */
record QueryResult(ElasticsearchResponse answer, String reason, boolean tooLarge, boolean noIndex) {

    static QueryResult of(ElasticsearchResponse answer) {
        return new QueryResult(answer, null, false, false);
    }

    static QueryResult refused(String reason) {
        return new QueryResult(null, reason, false, false);
    }
}
