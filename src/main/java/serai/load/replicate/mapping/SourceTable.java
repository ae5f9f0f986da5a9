package serai.load.replicate.mapping;

import java.util.List;
import serai.warehouse.Relation;

/**
 * A table of the source as its catalog describes it.
 *
 * @param columns in the order in which rows have them
 * @param primaryKey names of columns; empty when there is none
 * @param uniqueKeys names of the columns of each other key that is unique and never NULL
 */
public record SourceTable(
        String schema,
        String name,
        List<SourceColumn> columns,
        List<String> primaryKey,
        List<List<String>> uniqueKeys) {

    /** Copies the lists. */
    public SourceTable {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        uniqueKeys = uniqueKeys.stream().map(List::copyOf).toList();
    }

    /** A table without other keys than its primary key. */
    public SourceTable(String schema, String name, List<SourceColumn> columns, List<String> primaryKey) {
        this(schema, name, columns, primaryKey, List.of());
    }

    /** The table's name in statements. */
    public String sql() {
        return Relation.quote(schema) + "." + Relation.quote(name);
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
