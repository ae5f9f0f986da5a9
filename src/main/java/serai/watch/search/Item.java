package serai.watch.search;

/**
 * One question's share of an answer: an answer, or why there is none.
 *
 * @param status  what the server said to it; 0 when it answered but only a part
 * @param noIndex whether the question was put to no index at all
 */
record Item(Search.Answer answer, int status, String reason, boolean noIndex) {

    static Item refused(int status, String reason) {
        return new Item(null, status, reason, false);
    }
}
