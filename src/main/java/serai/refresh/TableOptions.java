package serai.refresh;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;
import serai.warehouse.SqlSyntaxException;

/**
 * What stands on a model's table or view besides its rows: {@code @index}, {@code @partition}, {@code @grant},
 * {@code @column} and {@code @distribute}.
 *
 * @param partition the length of a partition, or null
 * @param grants the roles that may read it
 * @param distribute a column of the grain, {@link #EVERYWHERE}, or null; without effect on plain PostgreSQL
 */
record TableOptions(
        List<Index> indexes,
        PartitionUnit partition,
        List<String> grants,
        List<ColumnComment> comments,
        String distribute) {

    static final String EVERYWHERE = "everywhere";

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern ROLE = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_$.-]{0,62}");
    private static final Pattern INDEX = Pattern.compile("(.+?)(?: (unique))?(?: where (.+))?");
    private static final Pattern COLUMN = Pattern.compile("([a-z_][a-z0-9_]*) (.+)");

    /**
     * {@code @index COLUMN, COLUMN [unique] [where CONDITION]}.
     *
     * @param condition of a partial index, as SQL; or null
     * @param line of the file
     */
    record Index(List<String> columns, boolean unique, String condition, int line) {

        /** @param name of the index and its table, such as {@code index "a" on "b"} */
        String create(String name) {
            return "create " + (unique ? "unique " : "") + name
                    + columns.stream().map(Relation::quote).collect(Collectors.joining(", ", " (", ")"))
                    + (condition == null ? "" : " where " + condition);
        }
    }

    /**
     * {@code @column NAME what it means}.
     *
     * @param line of the file
     */
    record ColumnComment(String column, String text, int line) {}

    /** The length of a partition. */
    enum PartitionUnit {
        MONTH,
        YEAR
    }

    static TableOptions read(ModelHeader header, List<String> grain) throws EditRefusedException {
        List<Index> indexes = new ArrayList<>();
        for (ModelHeader.Entry entry : header.all("index")) {
            indexes.add(index(header, entry));
        }
        List<ColumnComment> comments = new ArrayList<>();
        for (ModelHeader.Entry entry : header.all("column")) {
            Matcher m = COLUMN.matcher(entry.value());
            if (!m.matches()) {
                throw header.refuse(entry, "write: @column NAME what it means");
            }
            if (comments.stream().anyMatch(comment -> comment.column().equals(m.group(1)))) {
                throw header.refuse(entry, "the column " + m.group(1) + " has a comment already: keep one");
            }
            comments.add(new ColumnComment(m.group(1), m.group(2).strip(), entry.line()));
        }
        return new TableOptions(
                List.copyOf(indexes),
                partition(header),
                header.names("grant", ROLE, "a role"),
                List.copyOf(comments),
                distribute(header, grain));
    }

    private static Index index(ModelHeader header, ModelHeader.Entry entry) throws EditRefusedException {
        Matcher m = INDEX.matcher(entry.value());
        if (!m.matches()) {
            throw header.refuse(entry, "write: @index COLUMN, COLUMN [unique] [where CONDITION]");
        }
        List<String> columns = header.names(entry, m.group(1), NAME, "a column");
        try {
            if (m.group(3) != null) {
                SelectText.of("select " + m.group(3), Map.of());
            }
        } catch (SqlSyntaxException e) {
            throw header.refuse(entry, "the condition of the index: " + e.getMessage());
        }
        return new Index(columns, m.group(2) != null, m.group(3), entry.line());
    }

    private static PartitionUnit partition(ModelHeader header) throws EditRefusedException {
        String unit = header.value("partition");
        if (unit == null) {
            return null;
        }
        return switch (unit) {
            case "month" -> PartitionUnit.MONTH;
            case "year" -> PartitionUnit.YEAR;
            default -> throw header.refuse("partition", "write: @partition month, or year");
        };
    }

    private static String distribute(ModelHeader header, List<String> grain) throws EditRefusedException {
        String distribute = header.value("distribute");
        if (distribute != null && !distribute.equals(EVERYWHERE) && !grain.contains(distribute)) {
            throw header.refuse("distribute", "write a column of @grain, or everywhere");
        }
        return distribute;
    }
}
