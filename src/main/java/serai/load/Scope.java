package serai.load;

import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.warehouse.RowShare;

/**
 * The share of a table's rows that a source has, when several sources fill one table: the rows whose text column has
 * one of some values.
 *
 * @param column null for a source that has the table alone
 * @param values sorted; none when it has the table alone
 */
record Scope(String column, SortedSet<String> values) {

    /** All rows. */
    static final Scope ALL = new Scope(null, new TreeSet<>());

    /**
     * Reads {@code COLUMN=VALUE[,VALUE]}.
     *
     * @throws IllegalArgumentException when the text is anything else; an empty one is {@link #ALL}
     */
    static Scope of(String text) {
        if (text.isBlank()) {
            return ALL;
        }
        String[] parts = text.split("=", 2);
        SortedSet<String> values = parts.length < 2
                ? new TreeSet<>()
                : Arrays.stream(parts[1].split(","))
                        .map(String::strip)
                        .filter(value -> !value.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new));
        if (parts[0].isBlank() || values.isEmpty()) {
            throw new IllegalArgumentException(
                    "'scope: " + text + "' is not COLUMN=VALUE[,VALUE], such as country=DE,AT");
        }
        return new Scope(parts[0].strip(), values);
    }

    boolean isAll() {
        return column == null;
    }

    /** Whether there are rows that both have. */
    boolean overlaps(Scope other) {
        return isAll()
                || other.isAll()
                || !column.equals(other.column)
                || other.values.stream().anyMatch(values::contains);
    }

    /** For the conditions of statements; null for all rows. */
    RowShare share() {
        return isAll() ? null : new RowShare(column, List.copyOf(values));
    }

    /** As {@link #of} reads it, with sorted values. */
    @Override
    public String toString() {
        return isAll() ? "" : column + "=" + String.join(",", values);
    }
}
