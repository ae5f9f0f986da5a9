package serai.refresh;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

/**
 * What the SELECT of an scd2 gives: with {@code valid_from} a log of changes, one row for each, from which the versions
 * are made; without it the present rows.
 *
 * @param selected the columns of the SELECT
 */
record Versions(RelationColumns selected) {

    /** The column of the time from which a version holds. */
    static final String FROM = "valid_from";
    /** The column of the time from which it does not hold any more; NULL for the present one. */
    static final String TO = "valid_to";

    private static final String POSITION = "position";
    private static final String SEQUENCE = "seq";
    private static final String DELETED = "is_deleted";
    private static final List<String> OF_A_CHANGE = List.of(POSITION, SEQUENCE, DELETED);

    private static final String HISTORY = """
            with changes as (select * from (%1$s
            ) as model where %2$s),
            states as (select *, case when not %3$s then row(%4$s)::text end as serai_state from changes),
            instants as (
              select distinct on (%5$s, valid_from) * from states
              order by %5$s, valid_from, position desc nulls last, seq desc nulls last, serai_state),
            numbered as (
              select *, row_number() over key as serai_number, lag(serai_state) over key as serai_before
              from instants window key as (partition by %5$s order by valid_from)),
            versions as (
              select *, lead(valid_from) over (partition by %5$s order by valid_from) as valid_to
              from numbered where serai_number = 1 or serai_state is distinct from serai_before)
            select %6$s from versions where serai_state is not null""";

    /** Whether the SELECT gives changes. */
    boolean isLog() {
        return selected.names().contains(FROM);
    }

    /** The columns of the table. */
    RelationColumns table() {
        List<RelationColumns.Column> columns = new ArrayList<>();
        for (RelationColumns.Column column : selected.columns()) {
            if (!isLog() || !OF_A_CHANGE.contains(column.name())) {
                columns.add(column);
            }
        }
        String type = selected.typeOf(FROM).orElse("timestamp with time zone");
        if (!isLog()) {
            columns.add(new RelationColumns.Column(FROM, type));
        }
        columns.add(new RelationColumns.Column(TO, type));
        return new RelationColumns(columns);
    }

    /** @throws EditRefusedException when the SELECT does not have the columns of a log, or has those of the table */
    void check(Model model) throws EditRefusedException {
        if (selected.names().contains(TO)) {
            throw model.refuse("kind", "the SELECT of an scd2 has no valid_to, which is added to its table: remove it");
        }
        if (!isLog()) {
            return;
        }
        String type = selected.typeOf(FROM).orElseThrow();
        if (!type.equals("date") && !type.startsWith("timestamp")) {
            throw model.refuse("kind", "valid_from of an scd2 is not a date or time: cast it");
        }
        for (String column : List.of(POSITION, SEQUENCE)) {
            if (!selected.names().contains(column)) {
                throw model.refuse(
                        "kind",
                        "the SELECT has valid_from and no " + column + ", which says what is the last change of one"
                                + " instant: name it, or 0 as " + column + ", or leave valid_from out");
            }
        }
        if (!selected.typeOf(DELETED).orElse("boolean").equals("boolean")) {
            throw model.refuse("kind", "is_deleted of an scd2 is not of type boolean: cast it");
        }
        if (!model.sql().parameters().isEmpty()) {
            throw model.refuse(
                    model.lines().get("kind"),
                    "an scd2 with valid_from has no parameters, such as :"
                            + model.sql().parameters().get(0) + ": its versions follow from the changes alone");
        }
    }

    /**
     * A query of the versions of some keys, from their changes: of one instant the last by position and sequence,
     * without those that change nothing. It does not depend on the order in which the changes came.
     *
     * @param changes the query of the changes
     * @param keys a condition on the columns of the grain
     */
    String history(Model model, String changes, String keys) {
        String grain = list(model.grain());
        String values = list(selected.names().stream()
                .filter(name -> !model.grain().contains(name) && !name.equals(FROM) && !OF_A_CHANGE.contains(name))
                .toList());
        String deleted = selected.names().contains(DELETED) ? "coalesce(" + DELETED + ", false)" : "false";
        return HISTORY.formatted(changes, keys, deleted, values, grain, table().list());
    }

    private static String list(List<String> columns) {
        return columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
    }
}
