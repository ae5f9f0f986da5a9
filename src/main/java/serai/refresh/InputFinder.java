package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postgresql.PGResultSetMetaData;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * Finds how changes of what a model reads reach it: which table dates its rows, which tables are followed by
 * {@code @late}, which one has its keys, and that all units depend on the others. Names are resolved in the dry run,
 * where each model is a temporary view.
 */
final class InputFinder {

    /** In a list of read columns: all of them. */
    static final String ALL_COLUMNS = "*";

    private record Origin(Relation relation, String column) {}

    /** The table that has the columns of a model's grain, in their order. */
    private record Grain(Relation relation, List<String> columns) {}

    private final Connection connection;
    private final ModelGraph graph;
    /** For each node, the columns that it reads of each of its reads. */
    private final Map<String, Map<String, Set<String>>> readColumns;

    InputFinder(Connection connection, ModelGraph graph, Map<String, Map<String, Set<String>>> readColumns) {
        this.connection = connection;
        this.graph = graph;
        this.readColumns = readColumns;
    }

    /** @throws EditRefusedException when {@code @late} names something that there is not */
    ModelInputs of(Model model) throws SQLException, EditRefusedException {
        if (model.kind() == ModelKind.SCD2) {
            return ofVersions(model);
        }
        if (model.window() == null) {
            return ModelInputs.NONE;
        }
        Map<Relation, Set<String>> tables = tables(model.name());
        String dating = resolve(model, model.window().relation());
        Map<Relation, Set<String>> dated = dated(dating, model.window().sourceColumn());
        Optional<Grain> grain = model.kind() == ModelKind.UPSERT
                ? grain(model).filter(found -> dated.containsKey(found.relation()))
                : Optional.empty();
        if (model.kind() == ModelKind.UPSERT && grain.isEmpty()) {
            // which keys a deleted row had is not known: each change is compared as a whole
            return ofReads(tables);
        }
        Map<Relation, ModelInputs.Input> inputs = new TreeMap<>(Comparator.comparing(Relation::toString));
        for (Map.Entry<Relation, Set<String>> table : tables.entrySet()) {
            Relation relation = table.getKey();
            inputs.put(
                    relation,
                    dated.containsKey(relation)
                            ? new ModelInputs.Input(
                                    relation,
                                    ModelInputs.Kind.WINDOW,
                                    List.copyOf(dated.get(relation)),
                                    table.getValue(),
                                    null)
                            : read(relation, table.getValue()));
        }
        for (Late.Input late : model.late().inputs()) {
            follow(model, late, dating, grain, tables, inputs);
        }
        List<ModelInputs.Input> found = new ArrayList<>();
        inputs.values().forEach(input -> {
            if (input.kind() != ModelInputs.Kind.WINDOW || input.columns().size() == 1) {
                found.add(input);
            } else {
                input.columns()
                        .forEach(column -> found.add(new ModelInputs.Input(
                                input.relation(), ModelInputs.Kind.WINDOW, List.of(column), input.reads(), null)));
            }
        });
        grain.ifPresent(keys -> found.add(new ModelInputs.Input(
                keys.relation(), ModelInputs.Kind.GONE, keys.columns(), tables.get(keys.relation()), null)));
        return new ModelInputs(found);
    }

    private static ModelInputs ofReads(Map<Relation, Set<String>> tables) {
        return new ModelInputs(tables.entrySet().stream()
                .map(table -> read(table.getKey(), table.getValue()))
                .toList());
    }

    /** The keys of changed rows of the table that has them; all keys for others. */
    private ModelInputs ofVersions(Model model) throws SQLException {
        Map<Relation, Set<String>> tables = tables(model.name());
        Optional<Grain> grain = grain(model);
        return new ModelInputs(tables.entrySet().stream()
                .map(table -> grain.isPresent() && grain.get().relation().equals(table.getKey())
                        ? new ModelInputs.Input(
                                table.getKey(),
                                ModelInputs.Kind.GRAIN,
                                grain.get().columns(),
                                table.getValue(),
                                null)
                        : read(table.getKey(), table.getValue()))
                .toList());
    }

    private static ModelInputs.Input read(Relation relation, Set<String> columns) {
        return new ModelInputs.Input(relation, ModelInputs.Kind.READ, List.of(), columns, null);
    }

    /** The table whose stored columns are the columns of a model's grain, if all are of one. */
    private Optional<Grain> grain(Model model) throws SQLException {
        List<Origin> origins = new ArrayList<>();
        for (String column : model.grain()) {
            Optional<Origin> origin = originIn(model, column);
            if (origin.isEmpty()
                    || !origin.get()
                            .relation()
                            .equals(
                                    origins.isEmpty()
                                            ? origin.get().relation()
                                            : origins.get(0).relation())) {
                return Optional.empty();
            }
            origins.add(origin.get());
        }
        return Optional.of(new Grain(
                origins.get(0).relation(), origins.stream().map(Origin::column).toList()));
    }

    /** Applies one part of {@code @late} to the tables that stand behind the relation that it names. */
    private void follow(
            Model model,
            Late.Input late,
            String dating,
            Optional<Grain> grain,
            Map<Relation, Set<String>> tables,
            Map<Relation, ModelInputs.Input> inputs)
            throws SQLException, EditRefusedException {
        String named = resolve(model, late.relation());
        Map<Relation, Set<String>> behind = behind(named);
        if (late instanceof Late.Without) {
            behind.keySet().stream()
                    .filter(relation -> inputs.get(relation).kind() == ModelInputs.Kind.READ)
                    .forEach(relation -> inputs.put(relation, none(relation)));
            return;
        }
        List<String> columns = late instanceof Late.Keyed keyed
                ? List.of(keyed.column())
                : List.of(((Late.Ranged) late).from(), ((Late.Ranged) late).to());
        List<Origin> origins = new ArrayList<>();
        for (String column : columns) {
            requireColumn(model, named, column);
            origin(named, column).ifPresent(origins::add);
        }
        Set<Relation> of = origins.stream().map(Origin::relation).collect(Collectors.toSet());
        // a value that is not a column of one table cannot be recorded: all units stay dirty
        if (origins.size() < columns.size() || of.size() != 1 || behind.size() != 1) {
            return;
        }
        Relation relation = of.iterator().next();
        if (!tables.containsKey(relation) || inputs.get(relation).kind() == ModelInputs.Kind.WINDOW) {
            return;
        }
        List<String> recorded = origins.stream().map(Origin::column).toList();
        Set<String> reads = tables.get(relation);
        if (late instanceof Late.Keyed keyed) {
            ModelInputs.Lookup lookup = lookup(model, keyed, dating, grain);
            if (grain.isEmpty()
                    || lookup.relation().equals(grain.get().relation().sql())) {
                inputs.put(relation, new ModelInputs.Input(relation, ModelInputs.Kind.KEY, recorded, reads, lookup));
            }
            return;
        }
        inputs.put(relation, new ModelInputs.Input(relation, ModelInputs.Kind.RANGE, recorded, reads, null));
    }

    private static ModelInputs.Input none(Relation relation) {
        return new ModelInputs.Input(relation, ModelInputs.Kind.NONE, List.of(), Set.of(), null);
    }

    /** In the table behind the dating input, without the filters of views, where both columns are its own. */
    private ModelInputs.Lookup lookup(Model model, Late.Keyed keyed, String dating, Optional<Grain> grain)
            throws SQLException, EditRefusedException {
        String input = resolve(model, keyed.dated());
        if (!input.equals(dating)) {
            throw model.refuse(
                    "late",
                    "@late compares with " + keyed.dated() + ", which does not date the rows: write "
                            + keyed.relation() + "." + keyed.column() + " = "
                            + model.window().relation()
                            + ".COLUMN");
        }
        requireColumn(model, input, keyed.datedColumn());
        Optional<Origin> key = origin(input, keyed.datedColumn());
        Optional<Origin> day = origin(input, model.window().sourceColumn());
        if (key.isPresent()
                && day.isPresent()
                && key.get().relation().equals(day.get().relation())) {
            return new ModelInputs.Lookup(
                    key.get().relation().sql(),
                    key.get().column(),
                    day.get().column(),
                    grain.map(Grain::columns).orElse(List.of()));
        }
        Node node = graph.get(input);
        return new ModelInputs.Lookup(
                node == null ? Relation.of(input).sql() : node.relation().sql(),
                keyed.datedColumn(),
                model.window().sourceColumn(),
                List.of());
    }

    private void requireColumn(Model model, String name, String column) throws SQLException, EditRefusedException {
        boolean has = RelationColumns.read(Sql.on(connection), sqlName(name))
                .map(columns -> columns.names().contains(column))
                .orElse(false);
        if (!has) {
            throw model.refuse("late", name + " has no column " + column + ": fix @late");
        }
    }

    /** The read of a model that a header names, with or without its schema. */
    private String resolve(Model model, String name) throws EditRefusedException {
        return graph.reads(model).stream()
                .filter(read -> read.equals(name) || read.endsWith("." + name))
                .findFirst()
                .orElseThrow(() -> model.refuse(
                        "late", "@late names " + name + ", which is not in @reads: name a relation that it reads"));
    }

    /** The tables that stand behind a read, with the columns that are read of them. */
    private Map<Relation, Set<String>> behind(String read) {
        Node node = graph.get(read);
        if (node != null && node.kind() == ModelKind.VIEW) {
            return tables(read);
        }
        return Map.of(node == null ? Relation.of(read) : node.relation(), Set.of());
    }

    /** The tables that a node reads, directly or through views; through a view, all columns that it reads. */
    private Map<Relation, Set<String>> tables(String name) {
        Map<Relation, Set<String>> tables = new TreeMap<>(Comparator.comparing(Relation::toString));
        readColumns.getOrDefault(name, Map.of()).forEach((read, columns) -> {
            Node node = graph.get(read);
            if (node != null && node.kind() == ModelKind.VIEW) {
                tables(read)
                        .forEach((table, below) -> tables.computeIfAbsent(table, t -> new TreeSet<>())
                                .addAll(below));
            } else {
                tables.computeIfAbsent(node == null ? Relation.of(read) : node.relation(), t -> new TreeSet<>())
                        .addAll(columns);
            }
        });
        return tables;
    }

    /**
     * The tables whose rows are dated by a column of a read, with the columns that give the time. Where that is not
     * plain, a view over one table can be dated by each of its times; a view over several is dated by none.
     */
    private Map<Relation, Set<String>> dated(String read, String column) throws SQLException {
        Optional<Origin> origin = origin(read, column);
        if (origin.isPresent()) {
            return Map.of(origin.get().relation(), Set.of(origin.get().column()));
        }
        Map<Relation, Set<String>> behind = behind(read);
        if (behind.size() != 1) {
            return Map.of();
        }
        Relation table = behind.keySet().iterator().next();
        Set<String> times = times(table, behind.get(table));
        return times.isEmpty() ? Map.of() : Map.of(table, times);
    }

    private Set<String> times(Relation table, Set<String> read) throws SQLException {
        Node node = graph.get(table.name());
        Optional<RelationColumns> columns = RelationColumns.read(
                Sql.on(connection),
                node != null && node.relation().equals(table) ? sqlName(table.name()) : table.sql());
        Set<String> times = new TreeSet<>();
        columns.ifPresent(all -> all.columns().stream()
                .filter(c -> read.contains(c.name()) || read.contains(ALL_COLUMNS))
                .filter(c -> c.type().equals("date") || c.type().startsWith("timestamp"))
                .forEach(c -> times.add(c.name())));
        return times;
    }

    /** The table and column that a column of a read is, through views, when it is nothing but that. */
    private Optional<Origin> origin(String read, String column) throws SQLException {
        Node node = graph.get(read);
        if (node == null) {
            return Optional.of(new Origin(Relation.of(read), column));
        }
        if (node.kind() != ModelKind.VIEW) {
            return Optional.of(new Origin(node.relation(), column));
        }
        return originIn((Model) node, column);
    }

    /** The same for a column of a model's own SELECT. */
    private Optional<Origin> originIn(Model model, String column) throws SQLException {
        String select =
                "select " + Relation.quote(column) + " from (" + model.sql().definition() + "\n) as x";
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            PGResultSetMetaData meta = statement.getMetaData().unwrap(PGResultSetMetaData.class);
            String table = meta.getBaseTableName(1);
            if (table.isEmpty()) {
                return Optional.empty();
            }
            String below =
                    meta.getBaseSchemaName(1).startsWith("pg_temp") ? table : meta.getBaseSchemaName(1) + "." + table;
            return origin(below, meta.getBaseColumnName(1));
        }
    }

    private String sqlName(String read) {
        return graph.get(read) == null ? Relation.of(read).sql() : Relation.quote(read);
    }
}
