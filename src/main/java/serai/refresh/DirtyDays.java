package serai.refresh;

import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Writer;

/**
 * Days to recalculate. Writers mark the changed days of a relation in {@code meta.dirty}; from there they go to
 * {@code meta.model_dirty}, for each model that reads the relation.
 */
final class DirtyDays {

    private record Change(Relation relation, LocalDate day) {}

    private DirtyDays() {}

    /** Moves all marks of {@code meta.dirty} to the models, in one transaction. */
    static void distribute(Writer writer, ModelGraph graph) throws Exception {
        boolean empty = writer.sql()
                .first("select 1 from meta.dirty limit 1", row -> true)
                .isEmpty();
        if (empty) {
            return;
        }
        writer.commitWithState(tx -> {
            List<Change> changes = tx.sql()
                    .list(
                            "delete from meta.dirty returning relation, day",
                            row -> new Change(Relation.of(row.text("relation")), row.date("day")));
            for (Node node : graph.nodes()) {
                if (node instanceof Model model && model.kind() == ModelKind.RECALC) {
                    add(tx.sql(), graph, model, changes);
                }
            }
            return RunOutcome.ok();
        });
    }

    private static void add(Sql sql, ModelGraph graph, Model model, List<Change> changes) throws SQLException {
        Set<Relation> inputs = graph.dirtyInputs(model);
        Set<LocalDate> days = new TreeSet<>();
        for (Change change : changes) {
            if (inputs.contains(change.relation())) {
                days.addAll(daysOf(
                        change.day(),
                        zoneOf(graph, change.relation()),
                        model.window().zone()));
            }
        }
        sql.update(
                "insert into meta.model_dirty (model, day) select ?, unnest(?::date[]) on conflict do nothing",
                model.name(),
                days);
    }

    /** Days of sources are days in UTC; days of a model are days in its zone. */
    private static ZoneId zoneOf(ModelGraph graph, Relation relation) {
        return graph.get(relation.name()) instanceof Model model
                        && model.relation().equals(relation)
                        && model.kind().isIncremental()
                ? model.window().zone()
                : ZoneOffset.UTC;
    }

    /** The days of a zone that overlap a day of another; the day of the same date is always one of them. */
    static List<LocalDate> daysOf(LocalDate day, ZoneId from, ZoneId to) {
        LocalDate first = day.atStartOfDay(from).withZoneSameInstant(to).toLocalDate();
        LocalDate last = day.plusDays(1)
                .atStartOfDay(from)
                .minusNanos(1)
                .withZoneSameInstant(to)
                .toLocalDate();
        return first.datesUntil(last.plusDays(1)).toList();
    }

    /** The days that a model has to recalculate. */
    static SortedSet<LocalDate> of(Sql sql, Model model) throws SQLException {
        return new TreeSet<>(
                sql.list("select day from meta.model_dirty where model = ?", row -> row.date("day"), model.name()));
    }

    /** Removes days that were recalculated. */
    static void clear(Sql sql, Model model, DayRange days) throws SQLException {
        sql.update(
                "delete from meta.model_dirty where model = ? and day >= ? and day < ?",
                model.name(),
                days.from(),
                days.to());
    }

    /** Removes all days of a model. */
    static void clearAll(Sql sql, Model model) throws SQLException {
        sql.update("delete from meta.model_dirty where model = ?", model.name());
    }
}
