package serai.watch.search;

import serai.elasticsearch.ElasticsearchSettings;

/**
 * How much is asked of one server.
 *
 * @param requests under way at one time
 * @param queries that wait
 */
record SearchLimits(int requests, int queries) {

    /** The settings {@code watch.search-requests} and {@code watch.search-max-questions}. */
    static SearchLimits of(ElasticsearchSettings settings) {
        return new SearchLimits((int) settings.number("search-requests", 4, 1, 64), (int)
                settings.number("search-max-questions", 20_000, 1, 1_000_000));
    }
}
