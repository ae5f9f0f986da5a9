package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.Writer;

/**
 * What to recalculate. Writers mark the changed days of a relation in {@code meta.dirty}; from there they go to
 * {@code meta.model_dirty}, for each model that reads the relation, as units of its window. Only the marks that were
 * read are deleted, by their ids: a loader that commits meanwhile waits for nothing and loses nothing.
 */
final class Marks {

    private static final Logger LOG = LoggerFactory.getLogger(Marks.class);
    private static final int MOST = 100_000;

    private static final String READ = """
            select id, relation, case when isfinite(day) then day end as day
            from meta.dirty order by id limit %d""".formatted(MOST);

    private record Mark(long id, Relation relation, LocalDate day) {}

    private Marks() {}

    /** Moves all marks of {@code meta.dirty} to the models. */
    static void distribute(Writer writer, ModelGraph graph, Instant now) throws Exception {
        List<Mark> marks = new ArrayList<>();
        do {
            marks.clear();
            marks.addAll(writer.sql()
                    .list(READ, row -> new Mark(row.number("id"), Relation.of(row.text("relation")), row.date("day"))));
            if (!marks.isEmpty()) {
                writer.commitWithState(tx -> {
                    move(tx.sql(), graph, marks, now);
                    return RunOutcome.ok();
                });
            }
        } while (marks.size() == MOST);
    }

    private static void move(Sql sql, ModelGraph graph, List<Mark> marks, Instant now) throws SQLException {
        Map<Relation, Set<LocalDate>> days = new HashMap<>();
        Set<Relation> all = new HashSet<>();
        for (Mark mark : marks) {
            if (mark.day() == null) {
                all.add(mark.relation());
            } else {
                days.computeIfAbsent(mark.relation(), r -> new TreeSet<>()).add(mark.day());
            }
        }
        for (Node node : graph.nodes()) {
            if (node instanceof Model model && model.kind() == ModelKind.RECALC) {
                move(sql, graph, model, days, all);
                SortedSet<Instant> units = new TreeSet<>();
                for (Relation input : graph.windowInputs(model)) {
                    units.addAll(units(model, days.getOrDefault(input, Set.of()), now));
                }
                add(sql, model, units);
            }
        }
        sql.update(
                "delete from meta.dirty where id = any (?)",
                marks.stream().map(Mark::id).toList());
    }

    /** Marks all units when an input changed that does not say which. */
    private static void move(
            Sql sql, ModelGraph graph, Model model, Map<Relation, Set<LocalDate>> days, Set<Relation> all)
            throws SQLException {
        Set<Relation> causes = new LinkedHashSet<>(graph.otherInputs(model));
        causes.removeIf(input -> !days.containsKey(input) && !all.contains(input));
        graph.windowInputs(model).stream().filter(all::contains).forEach(causes::add);
        if (!causes.isEmpty()) {
            addAll(sql, model);
            LOG.info("model={} All its units are calculated again, because rows of {} changed.", model.name(), causes);
        }
    }

    /** The units that days of an input change, without those that are not kept, or are yet to come. */
    private static SortedSet<Instant> units(Model model, Collection<LocalDate> days, Instant now) {
        ModelWindow window = model.window();
        Instant first = window.firstKept(now);
        Instant last = window.last(now);
        SortedSet<Instant> units = new TreeSet<>();
        for (LocalDate day : days) {
            List<Instant> changed = window.unitsOf(day);
            Instant from = changed.get(0);
            Instant to =
                    window.reached(changed.get(changed.size() - 1), model.late().reach());
            if (!from.isAfter(last) && !to.isBefore(first)) {
                units.addAll(window.unitsBetween(from, to.isAfter(last) ? last : to));
            }
        }
        units.removeIf(unit -> unit.isBefore(first));
        return units;
    }

    /** Marks units of a model. */
    static void add(Sql sql, Model model, Collection<Instant> units) throws SQLException {
        if (!units.isEmpty()) {
            sql.update(
                    "insert into meta.model_dirty (model, unit) select ?, unnest(?::timestamptz[])"
                            + " on conflict do nothing",
                    model.name(),
                    units);
        }
    }

    /** Marks all units of a model. */
    static void addAll(Sql sql, Model model) throws SQLException {
        sql.update(
                "insert into meta.model_dirty (model, unit) values (?, '-infinity') on conflict do nothing",
                model.name());
    }

    /** Removes units that were recalculated. */
    static void clear(Sql sql, Model model, TimeWindow range) throws SQLException {
        sql.update(
                "delete from meta.model_dirty where model = ? and unit >= ? and unit < ?",
                model.name(),
                range.from(),
                range.to());
    }

    /** Removes units that are not kept any more. */
    static void clearBefore(Sql sql, Model model, Instant start) throws SQLException {
        sql.update("delete from meta.model_dirty where model = ? and unit < ? and isfinite(unit)", model.name(), start);
    }

    /** Removes all units of a model. */
    static void clearAll(Sql sql, Model model) throws SQLException {
        sql.update("delete from meta.model_dirty where model = ?", model.name());
    }
}
