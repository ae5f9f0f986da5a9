package serai.refresh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;

/**
 * The models and seeds that are valid together, as a graph of what reads what. A relation of {@code landing} or
 * {@code app} that a model reads is a source and no node of the graph.
 */
final class ModelGraph {

    /** In topological order: each node after those that it reads. */
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    private final Map<String, List<String>> reads = new HashMap<>();
    /** The scripts by what they fill. */
    private final Map<Relation, Script> writers = new TreeMap<>(Comparator.comparing(Relation::toString));

    private final List<PlacedTest> tests;
    private final Map<String, RelationColumns> columns;
    private final Map<String, ModelInputs> inputs;
    private final Map<String, Versions> versions;
    /** Where some of the nodes are, by their names; the others are where their files say. */
    private final Map<String, Relation> moved = new HashMap<>();

    private String schema;

    private ModelGraph(
            Map<String, RelationColumns> columns,
            Map<String, ModelInputs> inputs,
            Map<String, Versions> versions,
            List<PlacedTest> tests) {
        this.columns = columns;
        this.inputs = inputs;
        this.versions = versions;
        this.tests = tests;
    }

    /**
     * Orders nodes by what they read and by their {@code @fk}. Tests are placed by {@link #checked}.
     *
     * @param sources the relations of landing and app
     * @throws EditRefusedException when a name is unknown, ambiguous or used twice, or when models read each other in a
     *     cycle
     */
    static ModelGraph of(Collection<? extends SqlFile> files, Set<Relation> sources) throws EditRefusedException {
        Map<String, SqlFile> names = new HashMap<>();
        Map<String, Node> byName = new TreeMap<>();
        for (SqlFile file : files) {
            SqlFile other = names.put(file.name(), file);
            if (other != null) {
                throw file.refuse(null, "the name " + file.name() + " is taken by " + other.file() + ": rename one");
            }
            if (sources.stream().anyMatch(source -> source.name().equals(file.name()))) {
                throw file.refuse(null, "the name " + file.name() + " is taken by a landing table: rename the file");
            }
            if (file instanceof Node node) {
                byName.put(node.name(), node);
            }
        }
        ModelGraph graph = new ModelGraph(Map.of(), Map.of(), Map.of(), List.of());
        for (Node node : byName.values()) {
            if (node instanceof Script script) {
                graph.addWriter(script, byName);
            }
        }
        for (Node node : byName.values()) {
            graph.add(node, byName, sources, new LinkedHashSet<>());
        }
        for (Node node : graph.nodes.values()) {
            if (node.kind().isIncremental()) {
                graph.refuseChangingViews(node, node);
            }
        }
        return graph;
    }

    /** Through a view whose rows change with time alone, those of old units would grow wrong without a mark. */
    private void refuseChangingViews(Node reader, Node node) throws EditRefusedException {
        for (String read : reads.get(node.name())) {
            if (nodes.get(read) instanceof Model view && view.kind() == ModelKind.VIEW) {
                Optional<SelectText.Use> use = view.sql().changingFunction();
                if (use.isPresent()) {
                    throw reader.refuse(
                            "reads",
                            "it reads " + view.name() + ", which uses "
                                    + use.get().text() + ": " + reader.kind().withArticle()
                                    + " does not notice when its rows change with time. Read what that view reads, or"
                                    + " make it a table");
                }
                refuseChangingViews(reader, view);
            }
        }
    }

    private void addWriter(Script script, Map<String, Node> byName) throws EditRefusedException {
        for (Relation relation : script.writes()) {
            Node node = byName.get(relation.name());
            if (node != null
                    && node.kind() != ModelKind.SCRIPT
                    && node.relation().equals(relation)) {
                throw script.refuse("writes", relation + " is made by " + node.file() + ": write another relation");
            }
            Script other = writers.put(relation, script);
            if (other != null && other != script) {
                throw script.refuse("writes", relation + " is filled by " + other.file() + ", too: let one do it");
            }
        }
    }

    /** The script that fills what a header names, with or without its schema. */
    private Optional<Map.Entry<Relation, Script>> writer(String read) {
        return writers.entrySet().stream()
                .filter(entry -> entry.getKey().toString().equals(read)
                        || entry.getKey().name().equals(read))
                .findFirst();
    }

    /** Whether a script fills a relation. */
    boolean isFilled(Relation relation) {
        return writers.containsKey(relation);
    }

    /** Adds a node after those that it reads, which are added first. */
    private void add(Node node, Map<String, Node> byName, Set<Relation> sources, LinkedHashSet<String> path)
            throws EditRefusedException {
        if (nodes.containsKey(node.name())) {
            return;
        }
        if (!path.add(node.name())) {
            List<String> cycle = new ArrayList<>(path);
            cycle = cycle.subList(cycle.indexOf(node.name()), cycle.size());
            throw node.refuse(
                    "reads",
                    "models read each other in a cycle: " + String.join(" reads ", cycle) + " reads " + node.name()
                            + ". Remove one of these reads");
        }
        List<String> resolved = new ArrayList<>();
        for (String read : node.reads()) {
            Node upstream = byName.get(read);
            if (upstream != null) {
                add(upstream, byName, sources, path);
                resolved.add(read);
            } else if (writer(read).isPresent()) {
                Map.Entry<Relation, Script> writer = writer(read).get();
                if (writer.getValue() != node) {
                    add(writer.getValue(), byName, sources, path);
                }
                resolved.add(writer.getKey().toString());
            } else {
                resolved.add(source(node, read, sources).toString());
            }
        }
        if (node instanceof Model model) {
            for (ModelTests.ForeignKey key : model.tests().foreignKeys()) {
                if (byName.containsKey(key.relation()) && !key.relation().equals(model.name())) {
                    add(byName.get(key.relation()), byName, sources, path);
                }
            }
        }
        path.remove(node.name());
        reads.put(node.name(), List.copyOf(resolved));
        nodes.put(node.name(), node);
    }

    private static Relation source(Node node, String read, Set<Relation> sources) throws EditRefusedException {
        List<Relation> found = sources.stream()
                .filter(source ->
                        source.toString().equals(read) || source.name().equals(read))
                .toList();
        if (found.isEmpty()) {
            throw node.refuse(
                    "reads",
                    "it reads " + read + ", which is neither a valid model or seed nor a relation of landing or app:"
                            + " fix @reads or that file");
        }
        if (found.size() > 1) {
            throw node.refuse(
                    "reads",
                    "it reads " + read + ", which is in landing and in app: write the schema, here and in the SELECT");
        }
        return found.get(0);
    }

    /**
     * The same graph with what PostgreSQL knows.
     *
     * @param columns of each node, by its name
     * @param inputs of each model, by its name
     * @param versions of each scd2, by its name
     * @param tests each after all nodes that it reads
     */
    ModelGraph checked(
            Map<String, RelationColumns> columns,
            Map<String, ModelInputs> inputs,
            Map<String, Versions> versions,
            List<PlacedTest> tests) {
        ModelGraph graph =
                new ModelGraph(Map.copyOf(columns), Map.copyOf(inputs), Map.copyOf(versions), List.copyOf(tests));
        graph.nodes.putAll(nodes);
        graph.reads.putAll(reads);
        graph.writers.putAll(writers);
        return graph;
    }

    /** The same graph, of which some nodes are in another schema, in which names are looked up first. */
    ModelGraph in(String other, Set<String> names) {
        ModelGraph graph = checked(columns, inputs, versions, tests);
        graph.schema = other;
        names.forEach(name -> graph.moved.put(name, new Relation(other, name)));
        return graph;
    }

    /** The schema of nodes that were moved; null when none was. */
    String schema() {
        return schema;
    }

    /** Where a node is. */
    Relation relation(Node node) {
        return moved.getOrDefault(node.name(), node.relation());
    }

    /** All nodes, each after those that it reads. */
    Collection<Node> nodes() {
        return nodes.values();
    }

    /** The files of {@code sql/tests}. */
    List<PlacedTest> tests() {
        return tests;
    }

    /** Whether a test runs in the transactions of a node. */
    boolean hasTests(Node node) {
        return node instanceof Model model && !model.tests().equals(ModelTests.NONE)
                || tests.stream().anyMatch(test -> test.node().name().equals(node.name()));
    }

    /** The column to which a key of {@code @fk} refers: the one that is named, or the only one of the grain. */
    String columnOf(ModelTests.ForeignKey key) {
        return key.to() != null || !(get(key.relation()) instanceof Model model)
                ? key.to()
                : model.grain().get(0);
    }

    /** A node by its name, or null. */
    Node get(String name) {
        return nodes.get(name);
    }

    RelationColumns columns(Node node) {
        return columns.get(node.name());
    }

    /** What a node reads: names of nodes, and {@code schema.name} of sources. */
    List<String> reads(Node node) {
        return reads.get(node.name());
    }

    /** The names of the nodes that are refreshed before a node: those that it, its keys and its tests read. */
    Set<String> needs(Node node) {
        Set<String> read = new LinkedHashSet<>(reads(node));
        if (node instanceof Model model) {
            model.tests().foreignKeys().forEach(key -> read.add(key.relation()));
        }
        tests.stream().filter(test -> test.node().name().equals(node.name())).forEach(test -> {
            read.addAll(test.reads());
            read.addAll(test.inputs());
        });
        Set<String> needed = new LinkedHashSet<>();
        read.forEach(name -> maker(name).ifPresent(needed::add));
        needed.remove(node.name());
        return needed;
    }

    /** The node that makes what is read: one of this name, or the script that fills a relation. */
    private Optional<String> maker(String read) {
        return nodes.containsKey(read)
                ? Optional.of(read)
                : writer(read).map(entry -> entry.getValue().name());
    }

    /** The names of all nodes that it reads, directly or through others. */
    Set<String> upstream(Node node) {
        Set<String> found = new LinkedHashSet<>();
        for (String read : reads(node)) {
            Optional<String> maker = maker(read).filter(name -> !name.equals(node.name()));
            if (maker.isPresent()) {
                found.add(maker.get());
                found.addAll(upstream(nodes.get(maker.get())));
            }
        }
        return found;
    }

    /** How changes of what a model reads reach it. */
    ModelInputs inputs(Model model) {
        return inputs.getOrDefault(model.name(), ModelInputs.NONE);
    }

    /** What the SELECT of an scd2 gives. */
    Versions versions(Model model) {
        return versions.get(model.name());
    }

    /** Whether a model is an scd2 whose SELECT gives the present rows and not changes. */
    boolean isSnapshot(Node node) {
        return node.kind() == ModelKind.SCD2 && !versions((Model) node).isLog();
    }

    /**
     * The query of the rows of a model's table, as a prepared statement; for an scd2 without a change log those of its
     * present versions, without their times.
     *
     * @param condition on the columns of the grain
     */
    String select(Model model, String condition) {
        String select = model.sql().prepared();
        return model.kind() == ModelKind.SCD2 && versions(model).isLog()
                ? versions(model).history(model, select, condition)
                : "select * from (" + select + "\n) as model where " + condition;
    }

    /** Identifies how a table is calculated: its own definition and those of the views through which it reads. */
    String definitionHash(Node node) {
        StringBuilder views = new StringBuilder();
        for (String read : reads(node)) {
            Node upstream = nodes.get(read);
            if (upstream != null && upstream.kind() == ModelKind.VIEW) {
                views.append(read).append('=').append(definitionHash(upstream)).append(' ');
            }
        }
        return Sha256.of(node.hash(), views.toString());
    }

    /** Whether a model has the parameter {@code :run_id}. */
    boolean usesRunId() {
        return nodes.values().stream()
                .anyMatch(node -> node instanceof Model model
                                && model.sql().parameters().contains("run_id")
                        || node instanceof Script script && script.text().contains(":run_id"));
    }

    /** The definition of each view, to create it again when a relation that it reads is replaced. */
    Map<Relation, String> viewDefinitions() {
        Map<Relation, String> definitions = new HashMap<>();
        for (Node node : nodes.values()) {
            if (node instanceof Model model && model.kind() == ModelKind.VIEW) {
                definitions.put(model.relation(), model.sql().definition());
            }
        }
        return definitions;
    }
}
