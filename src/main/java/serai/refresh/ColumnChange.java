package serai.refresh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import serai.warehouse.Relation;

/**
 * What makes the columns of a table those of a SELECT. A column of another type keeps its values only where the type is
 * wider; otherwise all are calculated again.
 *
 * @param actions of ALTER TABLE
 * @param added columns that are new, and have no values yet
 * @param removed columns that are dropped
 * @param emptied columns that lose their values
 */
record ColumnChange(List<String> actions, List<String> added, List<String> removed, List<String> emptied) {

    private static final List<String> INTEGERS = List.of("smallint", "integer", "bigint");
    private static final Pattern VARYING = Pattern.compile("character varying(?:\\((\\d+)\\))?");
    private static final Pattern NUMERIC = Pattern.compile("numeric(?:\\((\\d+),(-?\\d+)\\))?");

    static ColumnChange between(RelationColumns existing, RelationColumns defined) {
        ColumnChange change =
                new ColumnChange(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (RelationColumns.Column column : existing.columns()) {
            if (!defined.names().contains(column.name())) {
                change.actions.add("drop column " + Relation.quote(column.name()));
                change.removed.add(column.name());
            }
        }
        for (RelationColumns.Column column : defined.columns()) {
            change.addOrAlter(column, existing.typeOf(column.name()));
        }
        return change;
    }

    /** Whether all values that the table has stay, and columns that must have a value are not among the new ones. */
    boolean isAddition(Model model) {
        return removed.isEmpty()
                && emptied.isEmpty()
                && added.stream()
                        .noneMatch(column -> model.grain().contains(column)
                                || column.equals(model.window().column()));
    }

    private void addOrAlter(RelationColumns.Column column, Optional<String> before) {
        String name = Relation.quote(column.name());
        if (before.isEmpty()) {
            actions.add("add column " + name + " " + column.type());
            added.add(column.name());
        } else if (widens(before.get(), column.type())) {
            actions.add("alter column " + name + " type " + column.type());
        } else if (!before.get().equals(column.type())) {
            actions.add("alter column " + name + " type " + column.type() + " using null");
            emptied.add(column.name());
        }
    }

    /** Whether each value of a type is the same in another one. */
    static boolean widens(String from, String to) {
        int integer = INTEGERS.indexOf(from);
        if (integer >= 0) {
            return INTEGERS.indexOf(to) > integer;
        }
        Matcher varying = VARYING.matcher(from);
        if (varying.matches()) {
            Matcher wider = VARYING.matcher(to);
            return to.equals("text") || wider.matches() && isMore(varying.group(1), wider.group(1));
        }
        Matcher numeric = NUMERIC.matcher(from);
        Matcher wider = NUMERIC.matcher(to);
        // another scale is other values: 1.0 is not 1.00
        return numeric.matches()
                && wider.matches()
                && (wider.group(2) == null || wider.group(2).equals(numeric.group(2)))
                && isMore(numeric.group(1), wider.group(1));
    }

    /** @param after null for a length without a bound, as before */
    private static boolean isMore(String before, String after) {
        return before != null && (after == null || Integer.parseInt(after) > Integer.parseInt(before));
    }
}
