/**
 * The mapping of a replicated database: which tables and columns arrive, under which names, and how values are altered.
 * It reads table-mapping files of AWS DMS, or a short YAML form of the same rules, and plans each table from them. It
 * knows no stream and no warehouse: what it plans is done by those who use it.
 *
 * <p>Start reading at {@link serai.load.replicate.mapping.Mapping}.
 */
package serai.load.replicate.mapping;
