package serai.load.replicate.pgoutput;

import java.util.List;

/**
 * A table of the source, as the messages that follow describe its rows.
 *
 * @param id the table's number at the source
 * @param identity what old rows have: {@code d} the primary key, {@code i} the columns of an index, {@code f} all
 *     columns, {@code n} nothing
 * @param columns in the order of the values
 */
public record SourceRelation(int id, String schema, String name, char identity, List<Column> columns) {

    /**
     * A column.
     *
     * @param key whether old rows have it
     * @param type the number of its type at the source
     * @param modifier of the type, such as the length; -1 for none
     */
    public record Column(String name, boolean key, int type, int modifier) {}

    /** {@code schema.name} as people write it. */
    @Override
    public String toString() {
        return schema + "." + name;
    }
}
