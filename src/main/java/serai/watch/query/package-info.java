/**
 * The queries of alert rules and their results. {@link serai.watch.query.Search} is what a source of documents does;
 * {@link serai.watch.query.RuleQuery} builds the queries of a rule. Start reading there.
 */
package serai.watch.query;
