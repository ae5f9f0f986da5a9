/**
 * The queries of alert rules and their answers. {@link serai.watch.query.Query} is what a rule asks,
 * {@link serai.watch.query.Search} is what answers it; {@link serai.watch.query.ElasticsearchQuery} writes a query for
 * search servers and {@link serai.watch.query.ElasticsearchResponse} reads what they return. Start with {@code Query}.
 */
package serai.watch.query;
