package serai.load.replicate.mapping;

import java.util.Optional;

/**
 * Something about the rules that only the source's catalog shows.
 *
 * @param refused whether the source must not start, or, when a table is named, the table must not be replicated
 * @param table the table that it is about, as {@code schema.table}; empty when it is about the file
 * @param message names the rule with its line, and the fix
 */
public record CatalogFinding(boolean refused, Optional<String> table, String message) {}
