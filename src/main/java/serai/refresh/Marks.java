package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Relation;
import serai.warehouse.Row;
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

    private static final String READ_KEYS = """
            select k.id, k.values, w.relation, w.kind, w.columns, w.consumer
            from meta.dirty_keys k left join meta.watches w on w.id = k.watch order by k.id limit %d""".formatted(MOST);

    /** A unit that is marked again while it is calculated stays marked. */
    private static final String AGAIN = " on conflict (model, unit) do update set mark = default";

    private record Mark(long id, Relation relation, LocalDate day) {}

    /** Values of a changed row; null for all rows. */
    private record Key(long id, Watch watch, List<String> values) {}

    private record Watch(String relation, String kind, List<String> columns, String consumer) {}

    private Marks() {}

    /** Moves all marks of {@code meta.dirty} and {@code meta.dirty_keys} to the models. */
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
        List<Key> keys = new ArrayList<>();
        do {
            keys.clear();
            keys.addAll(writer.sql().list(READ_KEYS, Marks::key));
            if (!keys.isEmpty()) {
                writer.commitWithState(tx -> {
                    moveKeys(tx.sql(), graph, keys, now);
                    return RunOutcome.ok();
                });
            }
        } while (keys.size() == MOST);
    }

    private static Key key(Row row) throws SQLException {
        Watch watch = row.text("relation") == null
                ? null
                : new Watch(row.text("relation"), row.text("kind"), row.texts("columns"), row.text("consumer"));
        return new Key(row.number("id"), watch, row.result().getArray("values") == null ? null : row.texts("values"));
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
            if (node instanceof Model model && model.kind().isMarked()) {
                add(sql, model, changedUnits(graph, model, days, now));
                for (ModelInputs.Input input : graph.inputs(model).inputs()) {
                    if (input.kind() == ModelInputs.Kind.WINDOW && all.contains(input.relation())) {
                        addAll(sql, model, input.relation());
                    }
                }
            } else if (node instanceof Model model && model.kind() == ModelKind.ONCE) {
                Seals.inputChanged(sql, model, changedUnits(graph, model, days, now));
            }
        }
        sql.update(
                "delete from meta.dirty where id = any (?)",
                marks.stream().map(Mark::id).toList());
    }

    /** The units that changed days of the inputs change which date a model's rows. */
    private static SortedSet<Instant> changedUnits(
            ModelGraph graph, Model model, Map<Relation, Set<LocalDate>> days, Instant now) {
        SortedSet<Instant> units = new TreeSet<>();
        for (ModelInputs.Input input : graph.inputs(model).inputs()) {
            if (input.kind() == ModelInputs.Kind.WINDOW) {
                units.addAll(units(model, days.getOrDefault(input.relation(), Set.of()), now));
            }
        }
        return units;
    }

    private static void moveKeys(Sql sql, ModelGraph graph, List<Key> keys, Instant now) throws SQLException {
        SearchPath.set(sql);
        Map<Watch, List<List<String>>> values = new LinkedHashMap<>();
        // the watch of a removed or edited model is gone: the edit has marked all its units
        keys.stream()
                .filter(key -> key.watch() != null)
                .forEach(key -> values.computeIfAbsent(key.watch(), watch -> new ArrayList<>())
                        .add(key.values()));
        for (Map.Entry<Watch, List<List<String>>> entry : values.entrySet()) {
            if (graph.get(entry.getKey().consumer()) instanceof Model model
                    && model.kind().isMarked()) {
                moveKeys(sql, graph, model, entry.getKey(), entry.getValue(), now);
            }
        }
        sql.update(
                "delete from meta.dirty_keys where id = any (?)",
                keys.stream().map(Key::id).toList());
    }

    private static void moveKeys(
            Sql sql, ModelGraph graph, Model model, Watch watch, List<List<String>> values, Instant now)
            throws SQLException {
        Optional<ModelInputs.Input> input = graph.inputs(model).inputs().stream()
                .filter(i -> i.relation().toString().equals(watch.relation())
                        && i.kind().text().equals(watch.kind())
                        && i.columns().equals(watch.columns()))
                .findFirst();
        if (input.isEmpty()
                || input.get().kind() == ModelInputs.Kind.READ
                || values.contains(null)
                || !canLookUp(sql, model, input.get().lookup())) {
            addAll(sql, model, Relation.of(watch.relation()));
            return;
        }
        ChangedKeys changed = new ChangedKeys(sql, model, now);
        switch (input.get().kind()) {
            case GRAIN, GONE -> DirtyKeys.add(sql, model, values);
            case KEY -> {
                Set<String> keys = new TreeSet<>();
                values.forEach(row -> {
                    if (row.get(0) != null) {
                        keys.add(row.get(0));
                    }
                });
                if (model.kind() == ModelKind.UPSERT) {
                    DirtyKeys.addOf(sql, model, input.get().lookup(), keys);
                } else {
                    add(sql, model, changed.ofKeys(input.get().lookup(), keys));
                }
            }
            default -> add(sql, model, changed.ofRanges(values));
        }
    }

    /** What is yet to be built, or was dropped by somebody, cannot be asked which units a change is in. */
    private static boolean canLookUp(Sql sql, Model model, ModelInputs.Lookup lookup) throws SQLException {
        List<String> relations = new ArrayList<>(List.of(model.relation().sql()));
        if (lookup != null) {
            relations.add(lookup.relation());
        }
        if (model.window() != null) {
            relations.add(model.window().relation());
        }
        return sql.first(
                        "select bool_and(to_regclass(name) is not null) as found from unnest(?::text[]) as name",
                        row -> row.flag("found"),
                        relations)
                .orElseThrow();
    }

    private static void addAll(Sql sql, Model model, Relation cause) throws SQLException {
        addAll(sql, model);
        LOG.info("model={} All of it is calculated again, because rows of {} changed.", model.name(), cause);
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
            if (model.kind() == ModelKind.UPSERT) {
                units.addAll(changed);
            } else if (!from.isAfter(last) && !to.isBefore(first)) {
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
                    "insert into meta.model_dirty (model, unit) select ?, unnest(?::timestamptz[])" + AGAIN,
                    model.name(),
                    units);
        }
    }

    /** Marks all units of a model. */
    static void addAll(Sql sql, Model model) throws SQLException {
        sql.update("insert into meta.model_dirty (model, unit) values (?, '-infinity')" + AGAIN, model.name());
    }

    /** The numbers of a model's last marks of units and of keys; 0 without marks. */
    record Last(long unit, long key) {}

    /** To be read before a model is calculated: what is marked meanwhile stays. */
    static Last last(Sql sql, Model model) throws SQLException {
        return sql.first(
                        "select (select coalesce(max(mark), 0) from meta.model_dirty where model = ?) as unit,"
                                + " (select coalesce(max(id), 0) from meta.model_dirty_keys where model = ?) as key",
                        row -> new Last(row.number("unit"), row.number("key")),
                        model.name(),
                        model.name())
                .orElseThrow();
    }

    /**
     * Removes units that were recalculated.
     *
     * @param last the last marks before that: later ones stay
     */
    static void clear(Sql sql, Model model, TimeWindow range, Last last) throws SQLException {
        sql.update(
                "delete from meta.model_dirty where model = ? and unit >= ? and unit < ? and mark <= ?",
                model.name(),
                range.from(),
                range.to(),
                last.unit());
    }

    /** Removes units that are not kept any more. */
    static void clearBefore(Sql sql, Model model, Instant start) throws SQLException {
        sql.update("delete from meta.model_dirty where model = ? and unit < ? and isfinite(unit)", model.name(), start);
    }

    /**
     * Removes all units and keys of a model.
     *
     * @param last the last marks before it was calculated: later ones stay
     */
    static void clearAll(Sql sql, Model model, Last last) throws SQLException {
        sql.update("delete from meta.model_dirty where model = ? and mark <= ?", model.name(), last.unit());
        sql.update("delete from meta.model_dirty_keys where model = ? and id <= ?", model.name(), last.key());
    }
}
