/**
 * The search of rules in Elasticsearch and OpenSearch: {@link serai.watch.search.BatchingSearch} sends the queries of
 * all rules of a server together in multi-search requests, and reads their answers. Stands on
 * {@code serai.elasticsearch}; queries come from {@code serai.watch.query}.
 */
package serai.watch.search;
