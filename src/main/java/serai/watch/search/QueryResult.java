package serai.watch.search;

import serai.watch.query.Search;

/**
 * One question's share of an answer: an answer, or why there is none.
 *
 * @param tooLarge whether the server would answer a smaller question
 * @param noIndex whether the question was put to no index at all
 */
record QueryResult(Search.Answer answer, String reason, boolean tooLarge, boolean noIndex) {

    static QueryResult of(Search.Answer answer) {
        return new QueryResult(answer, null, false, false);
    }

    static QueryResult refused(String reason) {
        return new QueryResult(null, reason, false, false);
    }
}
