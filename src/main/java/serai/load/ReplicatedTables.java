package serai.load;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import serai.command.CommandContext;
import serai.warehouse.Sql;

/**
 * Tables of a replicated source that a command is about.
 *
 * @param tables their names at the source
 */
record ReplicatedTables(String source, List<String> tables) {

    /**
     * Finds what is meant.
     *
     * @param name a source, or {@code SOURCE.TABLE} by the name of the table at the source or in the warehouse
     * @return empty when no replicated source has this name
     * @throws IllegalStateException when the source has no such table
     */
    static Optional<ReplicatedTables> find(CommandContext context, String name) throws SQLException {
        return LoadCommands.with(context, sql -> {
            Optional<String> source = sql.first(
                    "select source from meta.replicated_tables where source = ? or starts_with(?, source || '.')"
                            + " order by length(source) desc limit 1",
                    row -> row.text("source"),
                    name,
                    name);
            if (source.isEmpty()) {
                return Optional.empty();
            }
            String table = name.substring(source.get().length()).replaceFirst("^\\.", "");
            return Optional.of(new ReplicatedTables(source.get(), tables(sql, source.get(), table)));
        });
    }

    private static List<String> tables(Sql sql, String source, String table) throws SQLException {
        List<String> found = sql.list(
                "select source_table from meta.replicated_tables where source = ? and (? = '' or ? in (source_table,"
                        + " relation, split_part(source_table, '.', 2), split_part(relation, '.', 2)))"
                        + " order by source_table",
                row -> row.text("source_table"),
                source,
                table,
                table);
        if (found.isEmpty()) {
            throw new IllegalStateException(source + " has no table " + table + "; its tables are "
                    + String.join(
                            ", ",
                            sql.list(
                                    "select source_table from meta.replicated_tables where source = ?"
                                            + " order by source_table",
                                    row -> row.text("source_table"),
                                    source))
                    + ".");
        }
        return found;
    }
}
