/**
 * Where the documents of rules come from, their option {@code source}: search servers, rows of the warehouse, or the
 * matches of other rules. {@link serai.watch.source.RuleSources} reads the options,
 * {@link serai.watch.source.WarehouseSearch} answers the queries of {@code serai.watch.query} from rows, with
 * {@code SqlQuery} to write them as SQL. Start with {@code RuleSources}.
 */
package serai.watch.source;
