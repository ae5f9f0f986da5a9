package serai.warehouse;

import java.util.List;

/**
 * The rows of a table that belong to one of its sources: those whose column has one of some values.
 *
 * @param column a text column
 */
public record RowShare(String column, List<String> values) {

    String condition() {
        return Relation.quote(column) + " = any (?)";
    }
}
