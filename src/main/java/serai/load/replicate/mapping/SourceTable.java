package serai.load.replicate.mapping;

import java.util.List;
import serai.warehouse.Relation;

/**
 * A table of the source as its catalog describes it.
 *
 * @param columns in the order in which rows have them
 * @param primaryKey names of columns; empty when there is none
 * @param uniqueKeys names of the columns of each other key that is unique and never NULL
 * @param partitioned whether its rows are in partitions
 */
public record SourceTable(
        String schema,
        String name,
        List<SourceColumn> columns,
        List<String> primaryKey,
        List<List<String>> uniqueKeys,
        boolean partitioned) {

    /** Copies the lists. */
    public SourceTable {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
    }

    /** An ordinary table without other keys than its primary key. */
    public SourceTable(String schema, String name, List<SourceColumn> columns, List<String> primaryKey) {
        this(schema, name, columns, primaryKey, List.of(), false);
    }

    /** The table's name in statements. */
    public String sql() {
        return Relation.quote(schema) + "." + Relation.quote(name);
    }

    /** The table in a query or in a publication, without the tables that inherit from it. */
    public String from() {
        return (partitioned ? "" : "only ") + sql();
    }

    /** Names of columns that were dropped and added again since another reading of the catalog. */
    public List<String> columnsMadeAnew(SourceTable before) {
        return columns.stream()
                .filter(column -> before.columns.stream()
                        .anyMatch(old ->
                                old.name().equals(column.name()) && old.number() > 0 && column.number() > old.number()))
                .map(SourceColumn::name)
                .toList();
    }

    /** The place of a column in a row, from 0; -1 when there is none of this name. */
    int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
