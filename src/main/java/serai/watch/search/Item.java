package serai.watch.search;

/**
 * One question's share of an answer: an answer, or why there is none.
 *
 * @param tooLarge whether the server would answer a smaller question
 * @param noIndex whether the question was put to no index at all
 */
record Item(Search.Answer answer, String reason, boolean tooLarge, boolean noIndex) {

    static Item of(Search.Answer answer) {
        return new Item(answer, null, false, false);
    }

    static Item refused(String reason) {
        return new Item(null, reason, false, false);
    }
}
